// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vaco {

/// How many threads torch and OpenBLAS use for their own products. Their pools know nothing of each other nor
/// of ours, and would spin against it: training keeps both at 1; only what measures them sets more. Any thread;
/// counts for the whole process.
void use_library_threads(int count);

}  // namespace vaco
