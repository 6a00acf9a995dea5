# SPDX-License-Identifier: GPL-3.0-or-later
# What an installation consists of, and the packages CPack makes of it ("cpack -G DEB" in the build folder).
include(GNUInstallDirs)
set(VACO_SHARE "${CMAKE_INSTALL_DATADIR}")
set(VACO_DOC "${VACO_SHARE}/doc/${PROJECT_NAME}")

install(TARGETS vaco RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS vaco-engine RUNTIME DESTINATION "${CMAKE_INSTALL_LIBEXECDIR}/vaco")
install(FILES LICENSE README.md installer/copyright DESTINATION "${VACO_DOC}")
set(manuals vaco)
if(VACO_BUILD_GUI)
  install(TARGETS vaco-workbench RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES installer/vaco-workbench.desktop DESTINATION "${VACO_SHARE}/applications")
  install(FILES installer/org.vaco.Workbench.metainfo.xml DESTINATION "${VACO_SHARE}/metainfo")
  install(FILES resources/icons/vaco-workbench.svg DESTINATION "${VACO_SHARE}/icons/hicolor/scalable/apps")
  list(APPEND manuals vaco-workbench)
endif()

# Debian wants manuals and changelogs compressed, without the time of compression.
find_program(VACO_GZIP gzip REQUIRED)
function(vaco_install_compressed source name destination)
  set(packed "${CMAKE_BINARY_DIR}/packed/${name}.gz")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/packed")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${source}")
  execute_process(COMMAND "${VACO_GZIP}" -9nc "${CMAKE_SOURCE_DIR}/${source}" OUTPUT_FILE "${packed}"
                  COMMAND_ERROR_IS_FATAL ANY)
  install(FILES "${packed}" DESTINATION "${destination}")
endfunction()
foreach(manual IN LISTS manuals)
  vaco_install_compressed("installer/man/${manual}.1" "${manual}.1" "${CMAKE_INSTALL_MANDIR}/man1")
endforeach()
vaco_install_compressed(installer/changelog changelog "${VACO_DOC}")

set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_PACKAGE_CONTACT "VACO Workbench developers <developers@vaco-workbench.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "offline reinforcement learning by value-aligned behavior cloning")
set(CPACK_PACKAGE_DESCRIPTION
  "Trains policies from logged data on MuJoCo tasks and shows which data they
learn from: returns, weight histograms, and how a trajectory's weight goes
with its return, live while it trains. The window is vaco-workbench, and vaco
does the same on the command line.")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The linker names only an interface here: without this, apt may choose the slow reference BLAS.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread | libopenblas0")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-dejavu-core")
include(CPack)
