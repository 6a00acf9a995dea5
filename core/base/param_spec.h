// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// The value of a hyper-parameter. Choices are strings.
using ParamValue = std::variant<bool, int64_t, double, std::string>;

enum class ParamType { boolean, integer, real, choice };
enum class ParamTier { basic, advanced };
enum class ParamScale { linear, logarithmic };

/// One hyper-parameter: all that a form, a tool-tip, --help and a validator need to know.
struct ParamSpec {
  std::string key;     ///< snake_case, the name in files and on the command line ("expectile")
  std::string symbol;  ///< the paper's symbol ("τ"), empty if it has none
  std::string label;   ///< for a form ("Expectile")
  std::string help;    ///< one or two plain sentences
  ParamType type = ParamType::real;
  ParamValue default_value = 0.0;
  std::vector<std::string> choices{};                     ///< of a choice
  double min = -std::numeric_limits<double>::infinity();  ///< hard range, inclusive; outside is a usage error
  double max = std::numeric_limits<double>::infinity();
  double warn_min = -std::numeric_limits<double>::infinity();  ///< outside is allowed, and said
  double warn_max = std::numeric_limits<double>::infinity();
  ParamScale scale = ParamScale::linear;
  ParamTier tier = ParamTier::advanced;
  std::string group{};      ///< heading in the form ("Value learning", "Meta-scoring", "Evaluation")
  std::string unit{};       ///< "steps", "episodes"; empty for a plain number
  std::string affects{};    ///< what changes with it, in a few words
  std::string reference{};  ///< where the default comes from: "IQL", "VACO (printed)", "our choice"

  bool operator==(const ParamSpec&) const = default;
};

/// Text of a value as files and the command line write it ("0.7", "true", "trajectory"); round-trips exactly.
std::string to_text(const ParamValue& value);
/// Reads a value of the parameter from text and checks type, choices and hard range (not the warning range).
Result<ParamValue> parse_value(const ParamSpec& spec, std::string_view text);
/// Checks a value against the type, choices and hard range; NaN and infinities are refused.
Result<void> check_value(const ParamSpec& spec, const ParamValue& value);
/// A sentence when the value lies outside the warning range, else empty.
std::string warning_for(const ParamSpec& spec, const ParamValue& value);
/// The spec with this key, or nullptr.
const ParamSpec* find_spec(const std::vector<ParamSpec>& schema, std::string_view key);
/// The spec with this key, or a usage error that names the nearest known key.
Result<const ParamSpec*> require_spec(const std::vector<ParamSpec>& schema, std::string_view key);

/// Values by key, complete for a schema. The getters' types must be the spec's: anything else is a bug.
class ParamSet {
 public:
  ParamSet() = default;
  /// The defaults of a schema.
  explicit ParamSet(const std::vector<ParamSpec>& schema);

  void set(const std::string& key, ParamValue value) { values_[key] = std::move(value); }
  [[nodiscard]] bool contains(const std::string& key) const { return values_.contains(key); }
  [[nodiscard]] const ParamValue& at(const std::string& key) const { return values_.at(key); }
  [[nodiscard]] bool boolean(const std::string& key) const { return std::get<bool>(at(key)); }
  [[nodiscard]] int64_t integer(const std::string& key) const { return std::get<int64_t>(at(key)); }
  [[nodiscard]] double real(const std::string& key) const { return std::get<double>(at(key)); }
  [[nodiscard]] const std::string& choice(const std::string& key) const {
    return std::get<std::string>(at(key));
  }
  [[nodiscard]] const std::map<std::string, ParamValue>& values() const { return values_; }

 private:
  std::map<std::string, ParamValue> values_;
};

}  // namespace vaco
