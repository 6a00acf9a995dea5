// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/nearest_word.h"

namespace vaco {
namespace {

enum class Over { numbers, vector, draws };
/// What can be called; operators are functions without a name of letters.
struct Function {
  std::string_view name;
  size_t arguments;
  Over over;
  double (*of)(const double* x);
};
constexpr Function kFunctions[] = {
    {"+", 2, Over::numbers, [](const double* x) { return x[0] + x[1]; }},
    {"-", 2, Over::numbers, [](const double* x) { return x[0] - x[1]; }},
    {"*", 2, Over::numbers, [](const double* x) { return x[0] * x[1]; }},
    {"/", 2, Over::numbers, [](const double* x) { return x[0] / x[1]; }},
    {"^", 2, Over::numbers, [](const double* x) { return std::pow(x[0], x[1]); }},
    {"<", 2, Over::numbers, [](const double* x) { return x[0] < x[1] ? 1.0 : 0.0; }},
    {"<=", 2, Over::numbers, [](const double* x) { return x[0] <= x[1] ? 1.0 : 0.0; }},
    {">", 2, Over::numbers, [](const double* x) { return x[0] > x[1] ? 1.0 : 0.0; }},
    {">=", 2, Over::numbers, [](const double* x) { return x[0] >= x[1] ? 1.0 : 0.0; }},
    {"==", 2, Over::numbers, [](const double* x) { return x[0] == x[1] ? 1.0 : 0.0; }},
    {"!=", 2, Over::numbers, [](const double* x) { return x[0] != x[1] ? 1.0 : 0.0; }},
    {"&&", 2, Over::numbers, [](const double* x) { return x[0] != 0.0 && x[1] != 0.0 ? 1.0 : 0.0; }},
    {"||", 2, Over::numbers, [](const double* x) { return x[0] != 0.0 || x[1] != 0.0 ? 1.0 : 0.0; }},
    {"!", 1, Over::numbers, [](const double* x) { return x[0] == 0.0 ? 1.0 : 0.0; }},
    {"negative", 1, Over::numbers, [](const double* x) { return -x[0]; }},
    {"abs", 1, Over::numbers, [](const double* x) { return std::abs(x[0]); }},
    {"sqrt", 1, Over::numbers, [](const double* x) { return std::sqrt(x[0]); }},
    {"exp", 1, Over::numbers, [](const double* x) { return std::exp(x[0]); }},
    {"log", 1, Over::numbers, [](const double* x) { return std::log(x[0]); }},
    {"sin", 1, Over::numbers, [](const double* x) { return std::sin(x[0]); }},
    {"cos", 1, Over::numbers, [](const double* x) { return std::cos(x[0]); }},
    {"tan", 1, Over::numbers, [](const double* x) { return std::tan(x[0]); }},
    {"tanh", 1, Over::numbers, [](const double* x) { return std::tanh(x[0]); }},
    {"floor", 1, Over::numbers, [](const double* x) { return std::floor(x[0]); }},
    {"atan2", 2, Over::numbers, [](const double* x) { return std::atan2(x[0], x[1]); }},
    {"min", 2, Over::numbers, [](const double* x) { return std::min(x[0], x[1]); }},
    {"max", 2, Over::numbers, [](const double* x) { return std::max(x[0], x[1]); }},
    {"clip", 3, Over::numbers, [](const double* x) { return std::min(std::max(x[0], x[1]), x[2]); }},
    {"sum", 1, Over::vector, nullptr},
    {"norm", 1, Over::vector, nullptr},
    {"all", 1, Over::vector, nullptr},
    {"any", 1, Over::vector, nullptr},
    {"finite", 1, Over::vector, nullptr},
    {"uniform", 2, Over::draws, nullptr},
    {"normal", 0, Over::draws, nullptr},
};

size_t function_at(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [&](const Function& function) { return function.name == name; });
  return static_cast<size_t>(found - std::begin(kFunctions));
}

double over_all(std::string_view name, const std::vector<double>& x) {
  const auto is = [](double v) { return v != 0.0; };
  if (name == "all") return std::all_of(x.begin(), x.end(), is) ? 1.0 : 0.0;
  if (name == "any") return std::any_of(x.begin(), x.end(), is) ? 1.0 : 0.0;
  if (name == "finite")
    return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); }) ? 1.0 : 0.0;
  double sum = 0.0;
  for (const double v : x) sum += name == "norm" ? v * v : v;
  return name == "norm" ? std::sqrt(sum) : sum;
}

}  // namespace

/// Recursive descent; each method reads one level of precedence and returns the node it made, or nothing after
/// a fault.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, std::span<const ExpressionName> names, size_t draws)
      : text_(text), names_(names), draws_(draws) {}

  Result<Expression> run() {
    const auto whole = either();
    skip();
    if (whole && at_ < text_.size()) fail("'" + std::string(1, text_[at_]) + "' is not expected here");
    if (!fault_.empty()) return Error{ErrorCode::usage, "column " + std::to_string(column_) + ": " + fault_};
    return std::move(made_);
  }

 private:
  using Made = std::optional<size_t>;

  Made either() { return chain({"||"}, &ExpressionParser::both); }
  Made both() { return chain({"&&"}, &ExpressionParser::comparison); }
  Made comparison() { return chain({"<=", ">=", "==", "!=", "<", ">"}, &ExpressionParser::sum); }
  Made sum() { return chain({"+", "-"}, &ExpressionParser::product); }
  Made product() { return chain({"*", "/"}, &ExpressionParser::sign); }

  Made chain(std::initializer_list<std::string_view> operators, Made (ExpressionParser::*part)()) {
    auto left = (this->*part)();
    while (left) {
      skip();
      const auto start = at_;
      const auto* found =
          std::find_if(operators.begin(), operators.end(), [&](auto sign) { return take(sign); });
      if (found == operators.end()) break;
      const auto right = (this->*part)();
      if (!right) return {};
      left = call(*found, {*left, *right}, start);
    }
    return left;
  }
  Made sign() {
    skip();
    if (++depth_ > kDeepest) return fail("it is nested too deeply");
    const auto start = at_;
    Made made;
    if (take("-")) {
      made = sign();
      if (made) made = call("negative", {*made}, start);
    } else if (!text_.substr(at_).starts_with("!=") && take("!")) {
      made = sign();
      if (made) made = call("!", {*made}, start);
    } else {
      made = power();
    }
    --depth_;
    return made;
  }
  Made power() {
    const auto base = atom();
    if (!base) return {};
    skip();
    const auto start = at_;
    if (!take("^")) return base;
    const auto exponent = sign();
    if (!exponent) return {};
    return call("^", {*base, *exponent}, start);
  }
  Made atom() {
    skip();
    if (at_ >= text_.size()) return fail("the formula ends too early");
    if (take("(")) {
      const auto inner = either();
      return inner && expect(")") ? inner : Made();
    }
    const char first = text_[at_];
    if (std::isdigit(static_cast<unsigned char>(first)) || first == '.') return number();
    if (std::isalpha(static_cast<unsigned char>(first)) || first == '_') return word();
    return fail("'" + std::string(1, first) + "' is not expected here");
  }
  Made number() {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) return fail("this is no number");
    at_ = static_cast<size_t>(end - text_.data());
    Expression::Node node;
    node.number = value;
    return add(std::move(node));
  }
  Made word() {
    const auto start = at_;
    const auto part_of_word = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
    };
    while (at_ < text_.size() && part_of_word(text_[at_])) ++at_;
    const std::string name(text_.substr(start, at_ - start));
    skip();
    if (at_ < text_.size() && text_[at_] == '(') return function(name, start);
    return variable(name, start);
  }
  Made function(const std::string& name, size_t start) {
    const size_t index = function_at(name);
    if (index == std::size(kFunctions) || name == "negative") return unknown("function", name, start);
    ++at_;
    std::vector<size_t> arguments;
    skip();
    if (!take(")")) {
      do {
        const auto argument = either();
        if (!argument) return {};
        arguments.push_back(*argument);
        skip();
      } while (take(","));
      if (!expect(")")) return {};
    }
    const size_t wanted = kFunctions[index].arguments;
    if (arguments.size() != wanted) {
      at_ = start;
      return fail(name + " takes " + std::to_string(wanted) + " values, not " +
                  std::to_string(arguments.size()));
    }
    return call(name, std::move(arguments), start);
  }
  Made variable(const std::string& name, size_t start) {
    const auto found =
        std::find_if(names_.begin(), names_.end(), [&](const auto& n) { return n.name == name; });
    if (found == names_.end()) return unknown("name", name, start);
    Expression::Node node;
    node.kind = Expression::Kind::name;
    node.name = static_cast<size_t>(found - names_.begin());
    node.size = found->size;
    if (take("[")) {
      auto first = index(), last = first;
      skip();
      if (take(":")) {
        first = first.value_or(0);
        last = index().value_or(found->size);
      } else if (first) {
        last = *first + 1;
      } else {
        return fail("a number or a range (1:3) belongs between the brackets");
      }
      if (!expect("]")) return {};
      if (*first >= *last || *last > found->size) {
        at_ = start;
        return fail(name + " has " + std::to_string(found->size) + " numbers, counted from 0");
      }
      node.begin = *first;
      node.size = *last - *first;
    }
    return add(std::move(node));
  }
  std::optional<size_t> index() {
    skip();
    size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) return {};
    at_ = static_cast<size_t>(end - text_.data());
    return value;
  }
  Made call(std::string_view name, std::vector<size_t> arguments, size_t start) {
    Expression::Node node;
    node.kind = Expression::Kind::call;
    node.function = function_at(name);
    const auto over = kFunctions[node.function].over;
    for (const size_t argument : arguments) {
      const size_t size = made_.nodes_[argument].size;
      if (size > 1 && node.size > 1 && size != node.size) {
        at_ = start;
        return fail("vectors of " + std::to_string(node.size) + " and " + std::to_string(size) +
                    " numbers do not go together");
      }
      node.size = std::max(node.size, size);
    }
    if (over == Over::draws && node.size > 1 && node.size != draws_) {
      at_ = start;
      return fail(std::string(name) + " gives " + std::to_string(draws_) + " numbers here, not " +
                  std::to_string(node.size));
    }
    if (over == Over::vector) node.size = 1;
    if (over == Over::draws) node.size = draws_;
    node.arguments = std::move(arguments);
    return add(std::move(node));
  }
  Made unknown(const char* what, const std::string& name, size_t start) {
    std::vector<std::string> known;
    if (what == std::string_view("name"))
      for (const auto& n : names_) known.push_back(n.name);
    else
      for (const auto& f : kFunctions)
        if (std::isalpha(static_cast<unsigned char>(f.name[0])) && f.name != "negative")
          known.emplace_back(f.name);
    std::string all;
    for (const auto& k : known) all += (all.empty() ? "" : ", ") + k;
    const auto meant = nearest_word(name, known);
    at_ = start;
    return fail("there is no " + std::string(what) + " '" + name + "'" +
                (meant.empty() ? "" : "; did you mean '" + meant + "'?") + " Known are " + all);
  }

  Made add(Expression::Node node) {
    made_.nodes_.push_back(std::move(node));
    return made_.nodes_.size() - 1;
  }
  Made fail(std::string fault) {
    if (!fault_.empty()) return {};
    fault_ = std::move(fault);
    column_ = at_ + 1;
    return {};
  }
  bool expect(std::string_view sign) {
    skip();
    if (take(sign)) return true;
    fail("'" + std::string(sign) + "' is missing here");
    return false;
  }
  bool take(std::string_view sign) {
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  static constexpr int kDeepest = 100;
  std::string_view text_;
  std::span<const ExpressionName> names_;
  size_t draws_, at_ = 0, column_ = 0;
  int depth_ = 0;
  std::string fault_;
  Expression made_;
};

Result<Expression> Expression::parse(std::string_view text, std::span<const ExpressionName> names,
                                     size_t draws) {
  return ExpressionParser(text, names, draws).run();
}

std::vector<double> Expression::evaluate(const ExpressionValues& values) const {
  return evaluate(nodes_.size() - 1, values);
}

std::vector<double> Expression::evaluate(size_t index, const ExpressionValues& values) const {
  const Node& node = nodes_[index];
  if (node.kind == Kind::number) return {node.number};
  if (node.kind == Kind::name) {
    const auto whole = values.at(node.name).subspan(node.begin, node.size);
    return {whole.begin(), whole.end()};
  }
  const Function& function = kFunctions[node.function];
  std::vector<std::vector<double>> arguments;
  for (const size_t argument : node.arguments) arguments.push_back(evaluate(argument, values));
  if (function.over == Over::vector) return {over_all(function.name, arguments[0])};
  std::vector<double> result(node.size);
  for (size_t i = 0; i < result.size(); ++i) {
    double x[3] = {};
    for (size_t a = 0; a < arguments.size(); ++a) x[a] = arguments[a][arguments[a].size() == 1 ? 0 : i];
    if (function.over == Over::numbers)
      result[i] = function.of(x);
    else
      result[i] = function.arguments == 2 ? values.rng->uniform(x[0], x[1]) : values.rng->normal();
  }
  return result;
}

}  // namespace vaco
