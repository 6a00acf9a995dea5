// SPDX-License-Identifier: GPL-3.0-or-later
// A program of the build: writes what the registry says of the algorithms, to be embedded by
// embedded_catalogue.cpp.
#include <cstdio>

#include "core/catalogue/catalogue_json.h"
#include "core/learn/online_learner.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (auto written = vaco::write_json(argv[1], vaco::to_json({vaco::algorithms(), vaco::online_td3_schema()}));
      !written) {
    std::fprintf(stderr, "%s\n", written.error().message.c_str());
    return 1;
  }
  return 0;
}
