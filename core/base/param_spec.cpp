// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/param_spec.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/nearest_word.h"
#include "core/base/readable.h"

namespace vaco {
namespace {

std::string number_text(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

Error out_of_range(const ParamSpec& spec, double number) {
  return {ErrorCode::usage,
          spec.key + " = " + readable(number) + " is outside its range, " + readable_range(spec.min, spec.max)};
}

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string to_text(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return number_text(*real);
  return std::get<std::string>(value);
}

Result<ParamValue> parse_value(const ParamSpec& spec, std::string_view typed) {
  const std::string given(typed);
  const bool number = spec.type == ParamType::integer || spec.type == ParamType::real;
  const std::string text = number ? plain_number(typed, spec.type == ParamType::integer) : given;
  ParamValue value;
  switch (spec.type) {
    case ParamType::boolean:
      if (text == "true" || text == "1" || text == "yes")
        value = true;
      else if (text == "false" || text == "0" || text == "no")
        value = false;
      else
        return Error{ErrorCode::usage, spec.key + " takes true or false, not '" + given + "'"};
      break;
    case ParamType::integer: {
      int64_t whole = 0;
      double real = 0.0;
      if (parse_whole(text, whole))
        value = whole;
      else if (parse_whole(text, real) && std::abs(real) < 1e15 && real == std::floor(real))
        value = static_cast<int64_t>(real);  // "1e6" is what people write for a number of steps
      else
        return Error{ErrorCode::usage, spec.key + " takes a whole number below 10^15, not '" + given + "'"};
      break;
    }
    case ParamType::real: {
      double real = 0.0;
      if (!parse_whole(text, real))
        return Error{ErrorCode::usage, spec.key + " takes a number, not '" + given + "'"};
      value = real;
      break;
    }
    case ParamType::choice:
      value = given;
      break;
  }
  if (auto checked = check_value(spec, value); !checked) return checked.error();
  return value;
}

Result<void> check_value(const ParamSpec& spec, const ParamValue& value) {
  const auto wrong_type = [&] { return Error{ErrorCode::usage, spec.key + " has a value of the wrong type"}; };
  const auto in_range = [&](double number) { return number >= spec.min && number <= spec.max; };
  switch (spec.type) {
    case ParamType::boolean:
      if (!std::holds_alternative<bool>(value)) return wrong_type();
      break;
    case ParamType::integer:
      if (!std::holds_alternative<int64_t>(value)) return wrong_type();
      if (const auto number = static_cast<double>(std::get<int64_t>(value)); !in_range(number))
        return out_of_range(spec, number);
      break;
    case ParamType::real: {
      if (!std::holds_alternative<double>(value)) return wrong_type();
      const double number = std::get<double>(value);
      if (!std::isfinite(number)) return Error{ErrorCode::usage, spec.key + " must be a finite number"};
      if (!in_range(number)) return out_of_range(spec, number);
      break;
    }
    case ParamType::choice: {
      if (!std::holds_alternative<std::string>(value)) return wrong_type();
      const auto& chosen = std::get<std::string>(value);
      if (std::find(spec.choices.begin(), spec.choices.end(), chosen) != spec.choices.end()) break;
      std::string known;
      for (const auto& choice : spec.choices) known += (known.empty() ? "" : ", ") + choice;
      return Error{ErrorCode::usage, spec.key + " takes one of " + known + ", not '" + chosen + "'"};
    }
  }
  return {};
}

std::string warning_for(const ParamSpec& spec, const ParamValue& value) {
  double number = 0.0;
  if (const auto* whole = std::get_if<int64_t>(&value))
    number = static_cast<double>(*whole);
  else if (const auto* real = std::get_if<double>(&value))
    number = *real;
  else
    return {};
  if (number >= spec.warn_min && number <= spec.warn_max) return {};
  return spec.key + " = " + readable(number) + " is unusual: " + readable_range(spec.warn_min, spec.warn_max) +
         " is what is known to work";
}

const ParamSpec* find_spec(const std::vector<ParamSpec>& schema, std::string_view key) {
  const auto found =
      std::find_if(schema.begin(), schema.end(), [&](const auto& spec) { return spec.key == key; });
  return found == schema.end() ? nullptr : &*found;
}

Result<const ParamSpec*> require_spec(const std::vector<ParamSpec>& schema, std::string_view key) {
  if (const auto* spec = find_spec(schema, key)) return spec;
  std::vector<std::string> known;
  known.reserve(schema.size());
  for (const auto& spec : schema) known.push_back(spec.key);
  const std::string nearest = nearest_word(key, known);
  std::string message = "there is no parameter '" + std::string(key) + "'";
  if (!nearest.empty()) message += "; did you mean '" + nearest + "'?";
  return Error{ErrorCode::usage, message + " (vaco params lists them all)"};
}

ParamSet::ParamSet(const std::vector<ParamSpec>& schema) {
  for (const auto& spec : schema) values_[spec.key] = spec.default_value;
}

}  // namespace vaco
