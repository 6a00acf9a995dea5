// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/episode_list.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/files.h"

namespace vaco {
namespace {

/// No dataset has as many episodes.
constexpr int64_t kMost = 1'000'000'000'000;

std::optional<int64_t> number(std::string_view text) {
  int64_t value = -1;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end || value < 0 || value > kMost) return {};
  return value;
}

}  // namespace

EpisodeList EpisodeList::of(const std::vector<int64_t>& episodes) {
  EpisodeList list;
  list.ranges_.reserve(episodes.size());
  for (const int64_t episode : episodes) list.ranges_.push_back({episode, episode});
  list.put_in_order();
  return list;
}

Result<EpisodeList> EpisodeList::parse(std::string_view text) {
  EpisodeList list;
  int64_t line = 1;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '\n') ++line;
    constexpr std::string_view kBetween = ", \t\r\n;";
    if (kBetween.find(c) != std::string_view::npos) {
      ++at;
      continue;
    }
    const size_t end = std::min(text.find_first_of(", \t\r\n;#", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const size_t dash = word.find('-');
    const auto first = number(word.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(word.substr(dash + 1));
    if (!first || !last || *last < *first) {
      constexpr size_t kShown = 40;
      return Error{ErrorCode::usage,
                   "'" + std::string(word.substr(0, kShown)) + "' in line " + std::to_string(line) +
                       " of the list is neither the number of an episode nor a range of them; "
                       "they count from 0, as in 3, 17, 20-25"};
    }
    list.ranges_.push_back({*first, *last});
    at = end;
  }
  list.put_in_order();
  return list;
}

Result<EpisodeList> EpisodeList::read(const std::string& list_or_file) {
  if (!is_file(list_or_file)) {
    auto list = parse(list_or_file);
    if (!list && list_or_file.find_first_not_of("0123456789,- ") != std::string::npos)
      return Error{ErrorCode::usage, "'" + list_or_file.substr(0, 200) +
                                         "' is neither a file nor a list of episodes such as 3,17,20-25"};
    return list;
  }
  const auto text = read_text(list_or_file);
  if (!text) return text.error();
  auto list = parse(*text);
  if (!list) return list.error().within(list_or_file);
  return list;
}

void EpisodeList::put_in_order() {
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  size_t kept = 0;
  for (const Range range : ranges_) {
    if (kept > 0 && range.first <= ranges_[kept - 1].last + 1)
      ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, range.last);
    else
      ranges_[kept++] = range;
  }
  ranges_.resize(kept);
}

int64_t EpisodeList::size() const {
  int64_t episodes = 0;
  for (const Range& range : ranges_) episodes += range.last - range.first + 1;
  return episodes;
}

int64_t EpisodeList::last() const {
  return ranges_.empty() ? -1 : ranges_.back().last;
}

bool EpisodeList::contains(int64_t episode) const {
  const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), episode,
                                       [](int64_t e, const Range& range) { return e < range.first; });
  return behind != ranges_.begin() && episode <= std::prev(behind)->last;
}

std::vector<int64_t> EpisodeList::numbers() const {
  std::vector<int64_t> all;
  for (const Range& range : ranges_)
    for (int64_t episode = range.first; episode <= range.last; ++episode) all.push_back(episode);
  return all;
}

void EpisodeList::add(const EpisodeList& more) {
  ranges_.insert(ranges_.end(), more.ranges_.begin(), more.ranges_.end());
  put_in_order();
}

int64_t EpisodeList::nth_left(int64_t n) const {
  for (const Range& range : ranges_) {
    if (n < range.first) break;
    n += range.last - range.first + 1;
  }
  return n;
}

std::string EpisodeList::text() const {
  return short_text(ranges_.size());
}

std::string EpisodeList::short_text(size_t most_ranges) const {
  std::string text;
  for (size_t i = 0; i < std::min(most_ranges, ranges_.size()); ++i) {
    const Range& range = ranges_[i];
    text += (i == 0 ? "" : ",") + std::to_string(range.first);
    if (range.last > range.first) text += "-" + std::to_string(range.last);
  }
  if (most_ranges < ranges_.size()) text += ", … (" + std::to_string(size()) + " episodes)";
  return text;
}

}  // namespace vaco
