// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "app/cli/console.h"

namespace vaco::cli {
namespace {

using std::chrono::milliseconds;

/// A line on a stream of memory, by a clock that the test turns.
class ProgressLineTest : public ::testing::Test {
 protected:
  void begin(bool terminal, bool quiet = false) {
    line_ =
        std::make_unique<ProgressLine>(quiet, ProgressLine::Place{stream_, terminal, [this] { return now_; }});
  }
  void end() { line_.reset(); }
  ProgressLine& line() { return *line_; }
  /// What is drawn when this much more time has gone by.
  std::string after(milliseconds time, double fraction) {
    now_ += time;
    line_->show(fraction, "reading");
    return drawn();
  }
  std::string drawn() {
    std::fflush(stream_);
    const std::string fresh(text_ + told_, size_ - told_);
    told_ = size_;
    return fresh;
  }
  ~ProgressLineTest() override {
    end();
    std::fclose(stream_);
    std::free(text_);
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0, told_ = 0;
  std::FILE* stream_ = ::open_memstream(&text_, &size_);
  ProgressLine::Clock::time_point now_;
  std::unique_ptr<ProgressLine> line_;
};

TEST_F(ProgressLineTest, ATerminalHasOneLineThatIsWiped) {
  begin(true);
  EXPECT_EQ(after(milliseconds(900), 0.1), "") << "short work has no line";
  EXPECT_EQ(after(milliseconds(1100), 0.25), "\r\033[Kreading  25 %, 0:06 left");
  EXPECT_EQ(after(milliseconds(50), 0.3), "") << "drawn too often";
  EXPECT_EQ(after(milliseconds(1950), 0.5), "\r\033[Kreading  50 %, 0:04 left");
  end();
  EXPECT_EQ(drawn(), "\r\033[K");
}

TEST_F(ProgressLineTest, ElsewhereThereIsALineNowAndThen) {
  begin(false);
  EXPECT_EQ(after(milliseconds(5000), 0.1), "");
  EXPECT_EQ(after(milliseconds(5000), 0.5), "reading  50 %, 0:10 left\n");
  EXPECT_EQ(after(milliseconds(9000), 0.6), "");
  EXPECT_EQ(after(milliseconds(3601000), 0.5), "") << "other work began";
  EXPECT_EQ(after(milliseconds(3600000), 0.75), "reading  75 %, 20:00 left\n");
  end();
  EXPECT_EQ(drawn(), "");
}

TEST_F(ProgressLineTest, TheTimeLeftIsUnknownAtFirst) {
  begin(true);
  EXPECT_EQ(after(milliseconds(2000), 0.0), "\r\033[Kreading   0 %, – left");
}

TEST_F(ProgressLineTest, QuietDrawsNothing) {
  begin(true, true);
  EXPECT_EQ(after(milliseconds(2000), 0.5), "");
  end();
  EXPECT_EQ(drawn(), "");
}

/// In a process of its own, as a caught signal stays caught.
TEST_F(ProgressLineTest, ACaughtSignalAsksTheWorkToStop) {
  begin(true, true);
  const auto signalled = [this] {
    catch_signals();
    line().show(0.1, "reading");
    if (line().stop_token().stop_requested()) std::exit(1);
    ::raise(SIGTERM);
    line().show(0.2, "reading");
    std::exit(line().stop_token().stop_requested() ? 0 : 2);
  };
  EXPECT_EXIT(signalled(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace vaco::cli
