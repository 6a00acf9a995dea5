// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/mailbox.h"

#include <utility>

namespace vaco {

void Mailbox::changed() {
  fresh_ = true;
  has_mail_.store(true, std::memory_order_release);
  arrived_.notify_all();
}

void Mailbox::post_pause(bool paused) {
  const std::lock_guard lock(mutex_);
  requests_.pause = paused;
  changed();
}

void Mailbox::post_checkpoint() {
  const std::lock_guard lock(mutex_);
  requests_.checkpoint = true;
  changed();
}

void Mailbox::post_evaluation() {
  const std::lock_guard lock(mutex_);
  requests_.evaluation = true;
  changed();
}

void Mailbox::post_stop() {
  std::stop_source stop(std::nostopstate);
  {
    const std::lock_guard lock(mutex_);
    requests_.stop = true;
    stop = stop_;
    changed();
  }
  stop.request_stop();  // runs the callbacks of others, so not under the lock
}

Mailbox::Requests Mailbox::take() {
  const std::lock_guard lock(mutex_);
  has_mail_.store(false, std::memory_order_release);
  fresh_ = false;
  const Requests taken = requests_;
  requests_.checkpoint = false;
  requests_.evaluation = false;
  return taken;
}

void Mailbox::wait_for_mail() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return fresh_; });
}

std::stop_token Mailbox::stop_token() const {
  const std::lock_guard lock(mutex_);
  return stop_.get_token();
}

void Mailbox::reset() {
  const std::lock_guard lock(mutex_);
  requests_ = {};
  fresh_ = false;
  has_mail_.store(false, std::memory_order_release);
  stop_ = std::stop_source();
}

}  // namespace vaco
