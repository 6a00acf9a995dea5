// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "core/base/rng.h"

namespace vaco::testing {

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Ends the process by SIGPROF when it has worked for so long on one file; by SIGALRM when it waits.
inline void limit_one_file() {
#ifdef __SANITIZE_ADDRESS__
  constexpr int kSeconds = 20, kWaiting = 200;  // slower, and without the limit on memory
#else
  constexpr int kSeconds = 2, kWaiting = 60;
#endif
  const itimerval limit{{0, 0}, {kSeconds, 0}};
  ::setitimer(ITIMER_PROF, &limit, nullptr);
  ::alarm(kWaiting);
}

/// What a child tells its parent, in memory that both see.
struct FuzzRecord {
  size_t file = 0;  ///< being read
  double longest_seconds = 0.0;
  int64_t most_memory_kb = 0;
};

inline double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * t.tv_usec; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Reads mutated copies, the first of them on, in a forked child with little memory and two seconds for each,
/// so that a crash, a hang or an allocation out of proportion is seen. Returns how the child ended.
inline int read_in_child(const std::vector<std::string>& files, size_t first,
                         const std::function<void(const std::string&)>& read, FuzzRecord& record) {
  const pid_t child = ::fork();
  if (child == 0) {
#ifndef __SANITIZE_ADDRESS__
    const rlimit memory{rlim_t{1} << 30, rlim_t{1} << 30};
    ::setrlimit(RLIMIT_AS, &memory);
#endif
    for (size_t i = first; i < files.size(); ++i) {
      record.file = i;
      limit_one_file();
      const double begin = processor_seconds();
      read(files[i]);
      record.longest_seconds = std::max(record.longest_seconds, processor_seconds() - begin);
    }
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    record.most_memory_kb = std::max<int64_t>(record.most_memory_kb, used.ru_maxrss);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

inline std::string mutate(std::string bytes, Rng& rng) {
  const auto place = [&] { return static_cast<size_t>(rng.index(bytes.size())); };
  switch (rng.index(6)) {
    case 0:
      bytes.resize(place());
      break;
    case 1: {
      const size_t at = place();
      bytes.replace(at, std::min<size_t>(1 + rng.index(8), bytes.size() - at),
                    std::min<size_t>(8, bytes.size() - at), '\xff');
      break;
    }
    case 2: {
      const size_t at = place(), count = std::min<size_t>(1 + rng.index(16), bytes.size() - at);
      std::fill_n(bytes.begin() + static_cast<ptrdiff_t>(at), count, '\0');
      break;
    }
    default:
      for (uint64_t flips = 1 + rng.index(4); flips > 0; --flips)
        bytes[place()] ^= static_cast<char>(1u << rng.index(8));
      break;
  }
  return bytes;
}

/// Where the structures of HDF5 files and of archives begin that have a mark.
inline std::vector<size_t> marked_places(const std::string& bytes) {
  std::vector<size_t> places;
  for (const char* mark : {"HEAP", "TREE", "SNOD", "GCOL", "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD",
                           "BTLF", "FAHD", "FADB", "EAHD", "EAIB", "PK\1\2", "PK\3\4", "PK\5\6"})
    for (size_t at = bytes.find(mark); at != std::string::npos; at = bytes.find(mark, at + 1))
      places.push_back(at);
  return places;
}

/// A third anywhere, a third in the first part of the file, where most of the structure lies, and a third
/// behind one of the places.
inline std::string mutate_structure(const std::string& bytes, const std::vector<size_t>& places, Rng& rng) {
  constexpr size_t kHead = 3000, kBehind = 96;
  const auto part = [&](size_t at, size_t size) {
    return bytes.substr(0, at) + mutate(bytes.substr(at, size), rng) +
           bytes.substr(std::min(at + size, bytes.size()));
  };
  const uint64_t kind = rng.index(3);
  if (kind == 0) return mutate(bytes, rng);
  return kind == 1 || places.empty() ? part(0, kHead) : part(places[rng.index(places.size())], kBehind);
}

/// How many batches of fifty files each layout gets; VACO_FUZZ_BATCHES asks for a longer run, 90 for 100,000
/// files of all, and has it told what they took.
inline int fuzz_batches(int usual) {
  const char* asked = std::getenv("VACO_FUZZ_BATCHES");
  return asked ? std::atoi(asked) : usual;
}

/// Reads files one by one, each of which may not end its process; name tells what they are.
class FuzzReader {
 public:
  explicit FuzzReader(std::function<void(const std::string&)> read) : read_(std::move(read)) {
    void* shared =
        ::mmap(nullptr, sizeof(FuzzRecord), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) ::abort();
    record_ = new (shared) FuzzRecord;
  }
  ~FuzzReader() { ::munmap(record_, sizeof(FuzzRecord)); }
  FuzzReader(const FuzzReader&) = delete;
  FuzzReader& operator=(const FuzzReader&) = delete;

  void read_all(const std::vector<std::string>& files, const std::string& name) {
    for (size_t first = 0; first < files.size(); first = record_->file + 1) {
      const int status = read_in_child(files, first, read_, *record_);
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
      const auto kept =
          std::filesystem::temp_directory_path() / ("vaco-" + name + "-" + std::to_string(record_->file));
      write_bytes(kept, files[record_->file]);
      ADD_FAILURE() << kept << " ended it with status " << status;
    }
  }
  [[nodiscard]] const FuzzRecord& record() const { return *record_; }

 private:
  std::function<void(const std::string&)> read_;
  FuzzRecord* record_;
};

inline void fuzz(const std::string& sound, int batches, const std::function<void(const std::string&)>& read) {
  constexpr size_t kBatch = 50;
  FuzzReader reader(read);
  const auto places = marked_places(sound);
  for (int batch = 0; batch < batches; ++batch) {
    Rng rng(static_cast<uint64_t>(batch), 77);
    std::vector<std::string> files;
    for (size_t i = 0; i < kBatch; ++i) files.push_back(mutate_structure(sound, places, rng));
    reader.read_all(files, "mutated-" + std::to_string(batch));
  }
  EXPECT_LT(reader.record().most_memory_kb, 1 << 20) << "a small file took a GiB";
  if (std::getenv("VACO_FUZZ_BATCHES"))
    std::printf("%zu files, at most %.3f s of processor and %lld MiB\n", kBatch * static_cast<size_t>(batches),
                reader.record().longest_seconds, static_cast<long long>(reader.record().most_memory_kb >> 10));
}

}  // namespace vaco::testing
