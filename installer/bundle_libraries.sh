# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Which libraries go into a bundle; to be sourced by installer/bundle, which sets
# $top, the folder of the bundle, and $outside, whose libraries stay where they are.
# shellcheck disable=SC2154

# glibc's own, and the driver's: they belong to the machine.
of_the_system='^(linux-vdso|ld-linux-x86-64|libc|libm|libmvec|libdl|libpthread|librt|libutil|libresolv|libanl|libnsl)\.so|^libcuda\.so|^libnvidia-'
# Of the compiler: only for systems whose own are older, for other libraries of the system may need newer ones.
of_the_compiler='^(libstdc\+\+\.so\.6|libgcc_s\.so\.1)$'

# shellcheck source=bundle_stand_ins.sh
source "$root/installer/bundle_stand_ins.sh"

declare -A path_of=() taken=() stood_in=()

needed_by() { readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# take_libraries_of FILE: copies the libraries that the loader would take for this file, and those that they need.
take_libraries_of() {
  local name arrow path
  while read -r name arrow path _; do
    if [[ "$arrow" == "=>" && "$path" == /* ]]; then
      path_of[$name]="$path"
    elif [[ "$arrow" == "=>" ]]; then
      die "$1 needs $name, which is not on this machine"
    fi
  done < <(ldd "$1")
  take_needed "$1"
}

take_needed() {
  local name path
  for name in $(needed_by "$1"); do
    if [[ "$name" =~ $of_the_system || "$name" =~ $of_the_compiler || -n "${taken[$name]:-}" ]]; then
      continue
    fi
    if [[ "$name" =~ $never_called ]]; then
      stood_in[$name]=1
      continue
    fi
    path="$(realpath -e "${path_of[$name]}")"
    taken[$name]="$path"
    if [[ -n "${outside:-}" && "$path" == "$outside"/* ]]; then
      continue
    fi
    cp "$path" "$top/lib/$name"
    take_needed "$path"
  done
}

# The C++ library of this machine, and for a libtorch from elsewhere GNU's OpenMP.
keep_for_older_systems() {
  local name
  for name in libstdc++.so.6 libgcc_s.so.1; do
    cp "$(realpath -e "$(cc -print-file-name="$name")")" "$top/lib/newer/$name"
  done
  if [[ -n "${outside:-}" ]]; then
    mkdir -p "$top/lib/gomp"
    cp "$(realpath -e "$(cc -print-file-name=libgomp.so.1)")" "$top/lib/gomp/libgomp.so.1"
    rm -f "$top/lib/libgomp.so.1"
  fi
}

# Strips what was copied, takes foreign search paths away, and keeps the licences of the packages it came from.
finish_libraries() {
  local file package
  while read -r file; do
    chmod 644 "$file"
    strip --strip-unneeded "$file"
    if readelf -dW "$file" | grep -qE '\((RPATH|RUNPATH)\)'; then
      patchelf --remove-rpath "$file"
    fi
  done < <(find "$top/lib" -name '*.so*' -type f)
  for file in "${taken[@]}"; do
    package="$(dpkg-query -S "$file" 2>/dev/null | head -n 1 | cut -d: -f1 || true)"
    if [[ -n "$package" && -f "/usr/share/doc/$package/copyright" ]]; then
      cp -L "/usr/share/doc/$package/copyright" "$top/licenses/$package"
    fi
  done
}

# The newest glibc that anything in the bundle asks for, as 2.36.
needed_glibc() {
  find "$top/programs" "$top/lib" -maxdepth 1 -type f -exec readelf -VW {} + 2>/dev/null |
    grep -o 'Name: GLIBC_2\.[0-9.]*' | sed 's/.*GLIBC_//' | sort -Vu | tail -n 1
}
