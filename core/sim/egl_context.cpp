// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/egl_context.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>

#include <cstring>
#include <vector>

namespace vaco {
namespace {

struct Platform {
  const char* name;
  const char* extension;  // null: no extension needed
  EGLenum id;
};

bool client_has(const char* extension) {
  const char* all = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  return all && std::strstr(all, extension);
}

EGLDisplay device_display(PFNEGLGETPLATFORMDISPLAYEXTPROC get_display) {
  const auto query = reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(
      reinterpret_cast<void*>(eglGetProcAddress("eglQueryDevicesEXT")));
  EGLDeviceEXT device = nullptr;
  EGLint count = 0;
  if (!query || !query(1, &device, &count) || count < 1) return EGL_NO_DISPLAY;
  return get_display(EGL_PLATFORM_DEVICE_EXT, device, nullptr);
}

EGLDisplay find_display(const Platform& platform) {
  if (!platform.extension) return eglGetDisplay(EGL_DEFAULT_DISPLAY);
  if (!client_has(platform.extension)) return EGL_NO_DISPLAY;
  const auto get_display = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(
      reinterpret_cast<void*>(eglGetProcAddress("eglGetPlatformDisplayEXT")));
  if (!get_display) return EGL_NO_DISPLAY;
  if (platform.id == EGL_PLATFORM_DEVICE_EXT) return device_display(get_display);
  return get_display(platform.id, EGL_DEFAULT_DISPLAY, nullptr);
}

// A current compatibility context on the display, or EGL_NO_CONTEXT. MuJoCo draws with the fixed pipeline.
EGLContext make_current_context(EGLDisplay display) {
  // The display is never terminated: its handle may be shared with other users in the process.
  if (!eglInitialize(display, nullptr, nullptr) || !eglBindAPI(EGL_OPENGL_API)) return EGL_NO_CONTEXT;
  const EGLint wanted[] = {EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (!eglChooseConfig(display, wanted, &config, 1, &count) || count < 1) return EGL_NO_CONTEXT;
  const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, nullptr);
  if (context == EGL_NO_CONTEXT) return EGL_NO_CONTEXT;
  if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) return context;
  eglDestroyContext(display, context);
  return EGL_NO_CONTEXT;
}

}  // namespace

Result<std::unique_ptr<EglContext>> EglContext::create() {
  const Platform platforms[] = {
      {"surfaceless", "EGL_MESA_platform_surfaceless", EGL_PLATFORM_SURFACELESS_MESA},
      {"device", "EGL_EXT_platform_device", EGL_PLATFORM_DEVICE_EXT},
      {"default display", nullptr, 0},
  };
  std::string tried;
  for (const auto& platform : platforms) {
    tried += (tried.empty() ? "" : ", ") + std::string(platform.name);
    const EGLDisplay display = find_display(platform);
    if (display == EGL_NO_DISPLAY) continue;
    const EGLContext context = make_current_context(display);
    if (context == EGL_NO_CONTEXT) continue;
    std::unique_ptr<EglContext> made(new EglContext);
    made->display_ = display;
    made->context_ = context;
    const auto* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    made->driver_ = renderer ? renderer : "unknown driver";
    for (const char* name : {"llvmpipe", "softpipe", "swrast", "SWR", "Software"})
      if (made->driver_.find(name) != std::string::npos) made->software_ = true;
    return made;
  }
  return Error{ErrorCode::unavailable, "no OpenGL driver: EGL gave no context (tried " + tried +
                                           "). Install libgl1-mesa-dri, or the graphics card's own driver. "
                                           "Everything but this view works without it"};
}

EglContext::~EglContext() {
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(display_, context_);
  eglReleaseThread();
}

}  // namespace vaco
