// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/queue.h"

#include <algorithm>
#include <charconv>

namespace vaco {
namespace {

constexpr size_t kMostSeeds = 1000;

Error seeds_error(const std::string& text) {
  return {ErrorCode::usage, "seeds are whole numbers from 0 on and ranges of them, as 0-4 or 0, 3, 7-9, not '" +
                                text + "'; at most " + std::to_string(kMostSeeds)};
}

bool read_number(const std::string& text, uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Json queue_plan(const QueueRequest& request) {
  const RunConfig& base = request.base;
  Json plan;
  Json& datasets = plan["datasets"] = Json::array();
  for (const auto& path : request.datasets) {
    Json entry{{"path", path.string()}};
    if (path == base.dataset && !base.environment.empty()) entry["environment"] = base.environment;
    if (path == base.dataset && !base.physics.empty()) entry["physics"] = base.physics;
    datasets.push_back(std::move(entry));
  }
  plan["algorithms"] = request.algorithms;
  plan["seeds"] = request.seeds;
  plan["threads"] = 1U;
  plan["device"] = base.device;
  plan["precision"] = base.precision;
  if (!base.preset.empty()) plan["preset"] = base.preset;
  Json set = Json::object();
  for (const auto& [key, value] : base.params)
    if (value.origin == Origin::run || value.origin == Origin::command_line)
      set[key] = to_json_value(value.value);
  if (!set.empty()) plan["set"] = std::move(set);
  return plan;
}

Result<std::vector<uint64_t>> parse_seeds(const std::string& text) {
  std::vector<uint64_t> seeds;
  std::string words = text;
  std::replace(words.begin(), words.end(), ',', ' ');
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find(' ', at), words.size());
    const std::string word = words.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const size_t dash = word.find('-');
    uint64_t first = 0, last = 0;
    if (!read_number(word.substr(0, dash), first)) return seeds_error(text);
    last = first;
    if (dash != std::string::npos && !read_number(word.substr(dash + 1), last)) return seeds_error(text);
    if (last < first || last - first >= kMostSeeds) return seeds_error(text);
    for (uint64_t seed = first; seed <= last; ++seed)
      if (std::find(seeds.begin(), seeds.end(), seed) == seeds.end()) seeds.push_back(seed);
    if (seeds.size() > kMostSeeds) return seeds_error(text);
  }
  if (seeds.empty()) return seeds_error(text);
  return seeds;
}

std::string seeds_text(const std::vector<uint64_t>& seeds) {
  std::string text;
  for (size_t i = 0; i < seeds.size();) {
    size_t end = i + 1;
    while (end < seeds.size() && seeds[end] == seeds[end - 1] + 1) ++end;
    text += (text.empty() ? "" : ", ") + std::to_string(seeds[i]);
    if (end - i > 1) text += "-" + std::to_string(seeds[end - 1]);
    i = end;
  }
  return text;
}

std::filesystem::path queue_file(const std::filesystem::path& folder) {
  return folder / "queue.json";
}

}  // namespace vaco
