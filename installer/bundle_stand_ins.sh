# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What stands in a bundle for libraries that nothing here calls; to be sourced by installer/bundle_libraries.sh, which
# sets $top, $work and the table path_of.
# shellcheck disable=SC2154

# Debian's libtorch was built with the pictures, films, key-value stores and sockets of Caffe2, its HDF5 with Amazon's
# S3, and its LLVM, which Mesa draws with, with a solver of formulas, XML and a line editor. They bring more than 200
# libraries along, and no call of ours leads into any of them.
never_called='^lib(opencv_[a-z0-9]*|avcodec|avformat|avutil|swscale|swresample|lmdb|leveldb|zmq|curl|crypto|z3|xml2|edit)\.so'

# Of every dynamic symbol of a file: "U name" when it asks for it, else "FUNC name version" or "OBJECT:size name version".
symbols_of() {
  readelf -W --dyn-syms "$1" | awk '
    $7 == "UND" && $5 == "GLOBAL" { sub(/@.*/, "", $8); print "U", $8 }
    $7 != "UND" && $1 ~ /:$/ && $5 ~ /GLOBAL|WEAK|UNIQUE/ {
      version = "-"
      if (match($8, /@+/)) { version = substr($8, RSTART + RLENGTH); $8 = substr($8, 1, RSTART - 1) }
      print ($4 == "OBJECT" ? "OBJECT:" $3 : "FUNC"), $8, version
    }'
}

# make_stand_ins NAME...: puts a library in the place of each, which defines what the bundle's libraries ask of it, so
# that the loader finds every symbol. Calling one ends the program and says why; data are zeros.
make_stand_ins() {
  local name file
  while read -r file; do
    symbols_of "$file"
  done < <(find "$top" -path '*/programs/vaco*' -o -name '*.so*') >"$work/of_bundle"
  for name in "$@"; do
    symbols_of "$(realpath -e "${path_of[$name]}")" | grep -v '^U ' >"$work/offered" || true
    # Asked for, offered by this library, and defined by nothing that is in the bundle.
    awk 'FNR == NR { if ($1 == "U") asked[$2]; else defined[$2]; next }
      ($2 in asked) && !($2 in defined) { print; defined[$2] }' "$work/of_bundle" "$work/offered" >"$work/wanted"
    cat "$work/wanted" >>"$work/of_bundle"
    {
      printf '#include <stdio.h>\n#include <stdlib.h>\n'
      printf '__attribute__((used, visibility("hidden"))) void vaco_not_here(void) {\n'
      printf '  fputs("vaco: something has called %s, which bundles leave out; please tell the developers\\n", stderr);\n' "$name"
      printf '  abort();\n}\n__asm__(\n'
      awk '$1 == "FUNC" { printf "\".globl %s\\n.type %s,@function\\n%s:\\n\"\n", $2, $2, $2 }' "$work/wanted"
      printf '"jmp vaco_not_here\\n.bss\\n.balign 64\\n"\n'
      awk '$1 != "FUNC" { sub(/OBJECT:/, "", $1)
        printf "\".globl %s\\n.type %s,@object\\n.size %s,%s\\n%s:\\n.zero %s\\n.balign 64\\n\"\n", $2, $2, $2, $1, $2, $1
        }' "$work/wanted"
      printf '".text\\n");\n'
    } >"$work/stand_in.c"
    awk '$3 != "-" { of[$3] = of[$3] " " $2 ";" } END { for (version in of) print version " {" of[version] " };" }' \
      "$work/wanted" >"$work/stand_in.map"
    [[ -s "$work/stand_in.map" ]] || echo '{ global: *; };' >"$work/stand_in.map"
    cc -shared -fPIC -O1 -Wl,-soname,"$name" -Wl,--version-script="$work/stand_in.map" "$work/stand_in.c" \
      -o "$top/lib/$name"
  done
}
