// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around the docks: the status bar.
#include <QLabel>
#include <QTest>

#include "ui/shell/status_panel.h"

using namespace vaco;
using namespace vaco::ui;

class ShellTest : public QObject {
  Q_OBJECT

 private slots:
  void theEndOfARunIsNotHiddenByItsLastStep() {
    StatusPanel panel;
    auto* phase = panel.findChild<QLabel*>("phase");
    const Progress last{.phase = "cloning",
                        .phase_label = "Cloning",
                        .phase_index = 0,
                        .phase_count = 1,
                        .phase_step = 600,
                        .phase_steps = 600,
                        .step = 600,
                        .total_steps = 600};
    for (const auto& [state, message] : {std::pair{RunState::finished, "finished in 1 min 51 s"},
                                         {RunState::idle, "stopped after 12.0 s at step 300"}}) {
      panel.setState(RunState::running, {});
      panel.setProgress(last);
      QVERIFY(phase->toolTip().contains("step 600 of 600") || phase->text().contains("step 600 of 600"));
      panel.setState(state, message);
      panel.setProgress(last);
      QCOMPARE(phase->text(), QString(message));
    }
  }
};

QTEST_MAIN(ShellTest)
#include "shell_test.moc"
