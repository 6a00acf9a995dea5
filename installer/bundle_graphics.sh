# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the window and its figures load while they run: Qt's plugins, OpenGL in software, a font; to be sourced by
# installer/bundle, which sets $top and has sourced bundle_libraries.sh.
# shellcheck disable=SC2154

# take_module FILE FOLDER: a library that is loaded by its path, with the libraries that it needs.
take_module() {
  mkdir -p "$2"
  take_libraries_of "$1"
  taken[$(basename "$1")]="$(realpath -e "$1")"
  cp "$(realpath -e "$1")" "$2/$(basename "$1")"
}

take_graphics() {
  local system plugins plugin
  system="$(dirname "$(cc -print-file-name=libEGL.so)")"
  system="$(realpath -e "$system")"
  plugins="$(realpath -e "$system/qt6/plugins")"
  # On a screen, without one, and pictures in SVG; the view draws with OpenGL of its own.
  for plugin in platforms/libqoffscreen.so platforms/libqxcb.so imageformats/libqsvg.so iconengines/libqsvgicon.so; do
    take_module "$plugins/$plugin" "$top/lib/qt6/plugins/${plugin%/*}"
  done
  printf '[Paths]\nPrefix = ..\nPlugins = lib/qt6/plugins\n' >"$top/programs/qt.conf"

  # Mesa draws on the processor, where there is no NVIDIA driver; the file is the same for every kind of card.
  take_module "$system/libEGL_mesa.so.0" "$top/lib"
  take_module "$system/dri/swrast_dri.so" "$top/lib/dri"
  mkdir -p "$top/lib/egl_vendor.d" "$top/lib/fonts"
  printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "libEGL_mesa.so.0"}}\n' \
    >"$top/lib/egl_vendor.d/50_mesa.json"

  cp "$(dirname "$(dpkg-query -L fonts-dejavu-core | grep -m1 '/DejaVuSans.ttf$')")"/DejaVuSans{,-Bold,Mono}.ttf \
    "$top/lib/fonts/"
  cat >"$top/lib/fonts/fonts.conf" <<'EOF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
EOF
}
