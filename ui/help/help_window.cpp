// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/help_window.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QImage>
#include <QListWidget>
#include <QRegularExpression>
#include <QShortcut>
#include <QSplitter>

#include "resources/resources.h"

namespace vaco::ui {

namespace {
constexpr QSize kHelpSize{1000, 740};
constexpr int kTopicsWidth = 210;
}  // namespace

QVariant HelpBrowser::loadResource(int type, const QUrl& name) {
  const QString file = name.toString(QUrl::RemoveScheme);
  const auto bytes = find_resource("help/" + file.toStdString());
  if (type != QTextDocument::ImageResource || bytes.empty()) return {};
  auto picture =
      QImage::fromData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())).toByteArray());
  // The text engine would scale it without smoothing.
  if (const auto width = widths_.find(file); width != widths_.end()) {
    const double ratio = devicePixelRatioF();
    picture = picture.scaledToWidth(qRound(width->second * ratio), Qt::SmoothTransformation);
    picture.setDevicePixelRatio(ratio);
  }
  return picture;
}

void HelpBrowser::showPage(const QString& html) {
  static const QRegularExpression kPicture("<img src='([^']*)' width='(\\d+)'");
  widths_.clear();
  for (auto at = kPicture.globalMatch(html); at.hasNext();) {
    const auto picture = at.next();
    widths_[picture.captured(1)] = picture.captured(2).toInt();
  }
  setHtml(html);
}

const std::vector<HelpWindow::Topic>& HelpWindow::topics() {
  static const std::vector<Topic> all{{"weights", tr("What the weight settings do")},
                                      {"explain", tr("Why a sample counts")},
                                      {"algorithms", tr("Algorithms")},
                                      {"settings", tr("Every setting")},
                                      {"keys", tr("Keyboard and mouse")}};
  return all;
}

HelpWindow::HelpWindow(QWidget* parent) : QWidget(parent, Qt::Window) {
  setObjectName("helpWindow");
  setWindowTitle(tr("Help"));
  resize(kHelpSize);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  auto* split = new QSplitter(this);
  list_ = new QListWidget(split);
  list_->setObjectName("helpTopics");
  list_->setAccessibleName(tr("Topics"));
  list_->setFrameShape(QFrame::NoFrame);
  for (const auto& topic : topics()) list_->addItem(topic.title);
  browser_ = new HelpBrowser(split);
  browser_->setObjectName("helpPage");
  browser_->setAccessibleName(tr("Page"));
  browser_->setFrameShape(QFrame::NoFrame);
  browser_->setOpenLinks(false);
  browser_->document()->setDocumentMargin(18);
  split->setStretchFactor(0, 0);
  split->setStretchFactor(1, 1);
  split->setSizes({kTopicsWidth, kHelpSize.width() - kTopicsWidth});
  row->addWidget(split);
  connect(list_, &QListWidget::currentRowChanged, this, [this](int at) {
    if (at >= 0) browser_->showPage(helpPage(topics()[static_cast<size_t>(at)].key));
  });
  connect(browser_, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    if (link.scheme() == "topic")
      showTopic(link.path(), link.fragment());
    else if (link.scheme().isEmpty())
      browser_->scrollToAnchor(link.fragment());
    else
      QDesktopServices::openUrl(link);
  });
  connect(new QShortcut(QKeySequence(Qt::Key_Escape), this), &QShortcut::activated, this, &QWidget::close);
}

void HelpWindow::showTopic(const QString& key, const QString& anchor) {
  for (size_t i = 0; i < topics().size(); ++i)
    if (topics()[i].key == key) list_->setCurrentRow(static_cast<int>(i));
  if (!anchor.isEmpty()) browser_->scrollToAnchor(anchor);
}

HelpWindow* showHelp(QWidget& parent, const QString& topic) {
  auto* window = parent.findChild<HelpWindow*>("helpWindow");
  if (!window) window = new HelpWindow(&parent);
  window->showTopic(topic);
  window->show();
  window->raise();
  window->activateWindow();
  return window;
}

}  // namespace vaco::ui
