# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What installer/run, installer/test and .ci/run share; to be sourced by bash.

set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build"
cmake_options=()
warnings_as_errors=ON

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

package_names() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$root/installer/packages.txt"; }

# missing_packages [PACKAGE...]: of the list, and of these besides.
missing_packages() {
  local installed wanted
  wanted="$(package_names; printf '%s\n' "$@")"
  # dpkg-query fails when it does not know a name at all: that only means it is missing.
  # shellcheck disable=SC2086
  installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    sed -n 's/^installed //p' || true)"
  grep -vxF -e "" -f <(printf '%s\n' "$installed") <<<"$wanted" || true
}

# ensure_packages [PACKAGE...]: installs those of the list, and these, that are missing; calls apt only when any are.
ensure_packages() {
  if [[ -n "${VACO_SKIP_PACKAGES:-}" ]]; then
    return
  fi
  local skip_hint="With their like installed by other means, set VACO_SKIP_PACKAGES=1 and call this again."
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    die "this script installs packages of Debian 12, and this system has no apt." \
      "What is needed stands in installer/packages.txt. $skip_hint"
  fi

  local missing system
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    return
  fi
  # shellcheck disable=SC1091
  system="$(. /etc/os-release 2>/dev/null || true
    printf '%s %s' "${ID:-unknown}" "${VERSION_ID:-}")"
  if [[ "$system" != "debian 12" ]]; then
    die "this script installs packages of Debian 12, and this system is \"$system\"." \
      "Missing by their names there: ${missing[*]}. $skip_hint"
  fi

  local as_root=(env)
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "packages are missing, and installing them needs root or sudo." \
        "Ask an administrator for: apt-get install --no-install-recommends ${missing[*]}"
    if [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; then
      die "packages are missing, and sudo would ask for a password, but there is no terminal to ask on." \
        "Run this first: sudo apt-get install --no-install-recommends ${missing[*]}"
    fi
    as_root=(sudo env)
  fi
  say "Installing ${#missing[@]} missing package(s): ${missing[*]}"
  as_root+=(DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
  "${as_root[@]}" update -o APT::Update::Error-Mode=any >&2 ||
    die "the package lists could not be fetched: is this machine online, and is its mirror right" \
      "(/etc/apt/sources.list and /etc/apt/sources.list.d)? apt's own message stands above."
  "${as_root[@]}" install -y --no-install-recommends "${missing[@]}" >&2 ||
    die "apt could not install every package; its own message stands above."
}

# One job a processor, but no more than fit in memory: a file that uses libtorch takes about 1.6 GB to compile.
build_jobs() {
  local processors available limit by_memory
  processors="$(nproc)"
  available="$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)" # kB
  limit="$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)"   # bytes, or "max"
  if [[ "$limit" =~ ^[0-9]+$ ]] && ((limit / 1024 < available)); then
    available=$((limit / 1024))
  fi
  by_memory=$((available / 1600000))
  ((by_memory >= 1)) || by_memory=1
  echo $((processors < by_memory ? processors : by_memory))
}

# Fetches a CUDA build of libtorch from PyPI once, and has build_targets build with it in build-cuda/.
fetch_cuda_torch() {
  local nvcc="${CUDA_HOME:-/usr/local/cuda}/bin/nvcc"
  [[ -x "$nvcc" ]] || nvcc="$(command -v nvcc || true)"
  [[ -n "$nvcc" ]] ||
    die "--cuda needs the CUDA toolkit, and there is no nvcc on the PATH or in CUDA_HOME. Install NVIDIA's" \
      "cuda-toolkit package (developer.nvidia.com/cuda-downloads), or leave --cuda away to use the processor."
  PATH="$(dirname "$nvcc"):$PATH"
  export PATH

  build="$root/build-cuda"
  local python="$build/python" torch="${VACO_TORCH_VERSION:-2.11.0}"
  if [[ ! -f "$python/torch/share/cmake/Torch/TorchConfig.cmake" ]]; then
    python3 -m pip --version >/dev/null 2>&1 ||
      die "--cuda fetches libtorch with pip, which is not here: apt-get install python3-pip"
    say "Fetching torch $torch and NVIDIA's libraries for it from PyPI (several GB)"
    rm -rf "$python" "$python.part"
    python3 -m pip install --no-warn-script-location --target "$python.part" "torch==$torch" >&2 ||
      die "pip could not fetch torch $torch; its own message stands above. VACO_TORCH_VERSION tries another one."
    mv "$python.part" "$python"
  fi
  cmake_options+=(-DCMAKE_PREFIX_PATH="$python/torch")
  warnings_as_errors=OFF # headers of another libtorch than the one that the code is checked with
}

# Configures build/ and builds the given targets. Both commands use the same flags, so neither undoes the other's work.
build_targets() {
  local errors="$warnings_as_errors"
  if [[ -n "${VACO_SKIP_PACKAGES:-}" ]]; then
    errors=OFF # the compiler may be another one, with warnings of its own
  fi
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DVACO_WARNINGS_AS_ERRORS="$errors" \
    -DVACO_ASSERTS="${VACO_ASSERTS:-OFF}" \
    "${cmake_options[@]}" --log-level=WARNING >&2 ||
    die "configuring failed; CMake's own message stands above. Removing build/ starts from nothing."
  say "Building (a first build takes its time; the next one only what changed)"
  cmake --build "$build" -j "$(build_jobs)" --target "$@" >&2 ||
    die "the build failed; the compiler's own message stands above."
}

# A place for sockets and locks that Qt asks for, where no session has made one.
ensure_runtime_dir() {
  if [[ -z "${XDG_RUNTIME_DIR:-}" || ! -d "$XDG_RUNTIME_DIR" ]]; then
    XDG_RUNTIME_DIR="$(mktemp -d)"
    export XDG_RUNTIME_DIR
  fi
}
