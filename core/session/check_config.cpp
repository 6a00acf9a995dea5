// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/check_config.h"

#include "core/base/files.h"
#include "core/collect/online_training.h"
#include "core/device/check_compute.h"
#include "core/sim/environment.h"

namespace vaco {

Result<void> check_config(const RunConfig& config) {
  if (learns_online(config) && !config.dataset.empty())
    return Error{ErrorCode::usage,
                 "online TD3 learns in the environment, not from data: use vaco collect --train td3"};
  const auto schema = full_schema(config.algorithm);
  if (!schema) return schema.error();
  for (const auto& spec : *schema) {
    const auto found = config.params.find(spec.key);
    if (found == config.params.end())
      return Error{ErrorCode::usage, "the configuration has no value for " + spec.key};
    if (auto checked = check_value(spec, found->second.value); !checked) return checked.error();
  }
  if (!config.physics.empty())
    if (auto physics = parse_physics(config.physics); !physics) return physics.error();
  if (auto can = check_compute({.device = config.device, .precision = config.precision}); !can) return can;
  if (config.threads < 0 || config.threads > 1024)
    return Error{ErrorCode::usage, "threads must be 0 (all cores) to 1024"};
  if (learns_online(config)) return check_online(config);
  if (config.dataset.empty()) return Error{ErrorCode::usage, "no dataset was given (--dataset FILE)"};
  if (const auto there = look_at(config.dataset); !there) return there.error().within("the dataset");
  return {};
}

}  // namespace vaco
