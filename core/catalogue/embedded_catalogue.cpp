// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of algorithms for a program without libtorch: instead of core/learn/registry.cpp it answers from
// what write_catalogue took out of that one while the project was built. Nothing can be made with it.
#include <cassert>
#include <string_view>

#include "core/catalogue/catalogue_json.h"
#include "core/learn/online_learner.h"

__asm__(
    ".section .rodata\n"
    "vaco_catalogue:\n"
    ".incbin \"" VACO_CATALOGUE
    "\"\n"
    "vaco_catalogue_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" __attribute__((visibility("hidden"))) const char vaco_catalogue[], vaco_catalogue_end[];

namespace vaco {
namespace {

const Catalogue& catalogue() {
  static const Catalogue embedded = [] {
    const std::string_view text(vaco_catalogue, static_cast<size_t>(vaco_catalogue_end - vaco_catalogue));
    auto parsed = catalogue_from_json(Json::parse(text));
    assert(parsed);
    return std::move(*parsed);
  }();
  return embedded;
}

}  // namespace

const std::vector<AlgorithmInfo>& algorithms() {
  return catalogue().algorithms;
}
std::vector<ParamSpec> online_td3_schema() {
  return catalogue().online_td3;
}

}  // namespace vaco
