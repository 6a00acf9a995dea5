// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/data/writer.h"

namespace vaco {

/// Whether a Minari dataset can be written there: its folder is called NAME-vN and is not there yet, or is such
/// a dataset that may be replaced and is not one of the inputs. Nothing is written.
Result<void> check_minari_folder(const std::filesystem::path& folder, Existing existing,
                                 const std::vector<std::filesystem::path>& inputs);

/// Writes data/main_data.hdf5 and data/metadata.json of a Minari 0.5 dataset, each atomically, the metadata
/// last. Every row with a terminal or timeout ends an episode, and so does the last. An episode has T + 1
/// observations: where the state after a time limit is not known, its last row is left out, as there is nothing
/// to put there. Gives sentences about what the layout could not take.
Result<std::vector<std::string>> write_minari(const std::filesystem::path& folder,
                                              const DatasetColumns& columns);

}  // namespace vaco
