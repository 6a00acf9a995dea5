#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts the program of this file's name out of the folder that this file lies in, wherever that is.
# Bundles only: installer/bundle puts it there, and says in bundle.conf what the system must have.
self="$(readlink -f "$0")"
here="${self%/*}"
name="${self##*/}"
program="$here/programs/$name"
glibc="" torch_version=""
# shellcheck source=/dev/null
. "$here/bundle.conf"

die() {
  printf '%s: %s\n' "$name" "$*" >&2
  exit 1
}

# The folder of the libtorch to use: VACO_TORCH, or what "import torch" of the user's Python would take.
find_torch() {
  if [ -n "${VACO_TORCH:-}" ]; then
    torch="${VACO_TORCH%/}"
    [ -e "$torch/lib/libtorch_cpu.so" ] || die "VACO_TORCH=$VACO_TORCH holds no lib/libtorch_cpu.so; it must name the" \
      "folder \"torch\" of a Python's site-packages, or an unpacked libtorch"
  else
    command -v python3 >/dev/null || die "this bundle takes libtorch $torch_version from the user's Python, and there" \
      "is no python3 on the PATH; load one, or set VACO_TORCH=/path/to/site-packages/torch"
    torch="$(python3 -c 'import importlib.util as find
spec = find.find_spec("torch")
print(list(spec.submodule_search_locations)[0] if spec else "")')"
    [ -e "$torch/lib/libtorch_cpu.so" ] || die "this bundle takes libtorch $torch_version from the user's Python, and" \
      "$(command -v python3) has no torch; activate the environment that has it, or set" \
      "VACO_TORCH=/path/to/site-packages/torch (it can be had by: pip install torch==${torch_version%%+*})"
  fi
  found="$(sed -n "s/^__version__ = '\(.*\)'.*/\1/p" "$torch/version.py" 2>/dev/null)"
  found="${found:-$(cat "$torch/build-version" 2>/dev/null)}"
  # Between minor versions libtorch's classes change in size; a patch or the kind of card's library is told by the loader.
  case "${found:-$torch_version}" in
    "${torch_version%.*}".*) ;;
    *) die "this bundle was made for libtorch $torch_version, and $torch is $found; set VACO_TORCH to one of" \
      "${torch_version%.*} (pip install torch==${torch_version%%+*}), or make a bundle with that one" ;;
  esac
  path="$torch/lib"
  for folder in "$torch"/../nvidia/*/lib; do
    [ -d "$folder" ] && path="$path:$folder"
  done
  # Last: libgomp, for a libtorch that keeps its own under another name.
  LD_LIBRARY_PATH="$path${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}:$here/lib/gomp"
  export LD_LIBRARY_PATH
}

# What the loader would say, without running anything. vaco becomes vaco-engine, which needs the most.
whole="$program"
[ "$name" != vaco ] || whole="$here/programs/vaco-engine"
trace() { LD_TRACE_LOADED_OBJECTS=1 "$whole" 2>&1; }

[ -e /lib64/ld-linux-x86-64.so.2 ] ||
  die "this bundle needs a system with glibc $glibc or newer on x86-64, and this one has no glibc"
[ -z "$torch_version" ] || find_torch

told="$(trace)"
case "$told" in
  *"version \`GLIBC_"*)
    die "this bundle needs glibc $glibc or newer, and this system has $(getconf GNU_LIBC_VERSION 2>/dev/null ||
      echo 'an older one'); build vaco on this system, or use a container of Debian 12 or newer"
    ;;
  *GLIBCXX_*"not found"* | *CXXABI_*"not found"* | *"libstdc++.so.6 => not found"* | *"libgcc_s.so.1 => not found"* | *"version \`GCC_"*)
    # Only where the system's C++ library is older than the one that this was built with.
    LD_LIBRARY_PATH="$here/lib/newer${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export LD_LIBRARY_PATH
    told="$(trace)"
    ;;
esac
case "$told" in
  *"not found"*)
    printf '%s\n' "$told" | grep 'not found' | sort -u >&2
    die "the libraries above do not fit${torch:+; this bundle was made for libtorch $torch_version, and $torch is ${found:-of another kind}}"
    ;;
esac

if [ -d "$here/lib/egl_vendor.d" ]; then
  # NVIDIA's OpenGL where it is, and our Mesa, whose parts must be of one version.
  vendors="$here/lib/egl_vendor.d/50_mesa.json"
  for vendor in /etc/glvnd/egl_vendor.d/*nvidia*.json /usr/share/glvnd/egl_vendor.d/*nvidia*.json; do
    [ -e "$vendor" ] && vendors="$vendor:$vendors"
  done
  export __EGL_VENDOR_LIBRARY_FILENAMES="${__EGL_VENDOR_LIBRARY_FILENAMES:-$vendors}"
  export LIBGL_DRIVERS_PATH="$here/lib/dri"
  # A machine without a desktop has neither fonts nor their configuration.
  [ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="${FONTCONFIG_FILE:-$here/lib/fonts/fonts.conf}"
fi

# A job script must start this file again, not the program behind it.
VACO_START="$self"
export VACO_START
exec "$program" "$@"
