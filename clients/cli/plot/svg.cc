// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/svg.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "clients/cli/plot/axis.h"

namespace dissectd::cli {
namespace {

// The space around the drawing for texts.
constexpr int kLeft = 70;
constexpr int kRight = 20;
constexpr int kTop = 50;
constexpr int kBottom = 50;
constexpr int kPixelsOfXTick = 90;
constexpr int kPixelsOfYTick = 45;
constexpr int kLineHeight = 16;
constexpr int kTickLength = 5;

// Returns a text for the content of an element. XML has no other control
// characters than tabs and line breaks.
std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (static_cast<unsigned char>(c) >= ' ') {
      escaped += c;
    } else {
      escaped += ' ';
    }
  }
  return escaped;
}

class SvgWriter {
 public:
  // `plot` outlives this.
  SvgWriter(const Plot& plot, int width, int height)
      : plot_(plot),
        width_(std::max(width, kLeft + kRight + 1)),
        height_(std::max(height, kTop + kBottom + 1)),
        axes_(AxesOf(plot, std::max(2, width / kPixelsOfXTick),
                     std::max(2, height / kPixelsOfYTick))) {}

  std::string Write();

 private:
  double X(double value) const {
    return kLeft + axes_.x.Fraction(value) * (width_ - kLeft - kRight);
  }
  double Y(double value) const {
    return height_ - kBottom -
           axes_.y.Fraction(value) * (height_ - kTop - kBottom);
  }
  void AppendText(double x, double y, absl::string_view attributes,
                  absl::string_view text);
  void AppendLine(double x1, double y1, double x2, double y2);
  void AppendXAxis();
  void AppendYAxis();
  void AppendLegend();
  void AppendSeries(const PlotSeries& series, const PlotColor& color);
  void AppendPath(const PlotSeries& series);
  void AppendDots(const PlotSeries& series);

  const Plot& plot_;
  const int width_;
  const int height_;
  const PlotAxes axes_;
  std::string svg_;
};

std::string Hex(const PlotColor& color) {
  return absl::StrFormat("#%02x%02x%02x", color.red, color.green, color.blue);
}

void SvgWriter::AppendText(double x, double y, absl::string_view attributes,
                           absl::string_view text) {
  absl::StrAppendFormat(&svg_, "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x,
                        y, attributes, Escaped(text));
}

void SvgWriter::AppendLine(double x1, double y1, double x2, double y2) {
  absl::StrAppendFormat(
      &svg_, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", x1,
      y1, x2, y2);
}

void SvgWriter::AppendXAxis() {
  const double bottom = Y(axes_.y.minimum());
  for (int i = 0; i < axes_.x.tick_count(); ++i) {
    const double x = X(axes_.x.Tick(i));
    AppendLine(x, kTop, x, bottom + kTickLength);
    AppendText(x, bottom + kTickLength + kLineHeight,
               "text-anchor=\"middle\" stroke=\"none\"", axes_.x.Label(i));
  }
  AppendText(X(axes_.x.maximum()), height_ - kTickLength,
             "text-anchor=\"end\" stroke=\"none\"", plot_.x_title);
}

void SvgWriter::AppendYAxis() {
  constexpr int kBaseline = 4;
  for (int i = 0; i < axes_.y.tick_count(); ++i) {
    const double y = Y(axes_.y.Tick(i));
    AppendLine(kLeft - kTickLength, y, X(axes_.x.maximum()), y);
    AppendText(kLeft - 2 * kTickLength, y + kBaseline,
               "text-anchor=\"end\" stroke=\"none\"", axes_.y.Label(i));
  }
  AppendText(kTickLength, kTop - kLineHeight, "stroke=\"none\"", plot_.y_title);
}

void SvgWriter::AppendLegend() {
  constexpr int kLegendLeft = 200;
  svg_ += absl::StrFormat("<text x=\"%d\" y=\"%d\" stroke=\"none\">",
                          kLegendLeft, kTop - kLineHeight);
  for (size_t i = 0; i < plot_.series.size(); ++i) {
    absl::StrAppend(&svg_, "<tspan dx=\"10\" fill=\"", Hex(ColorOfSeries(i)),
                    "\">", Escaped(plot_.series[i].name), "</tspan>");
  }
  svg_ += "</text>\n";
}

void SvgWriter::AppendPath(const PlotSeries& series) {
  svg_ += "<path fill=\"none\" d=\"";
  bool joins = false;
  for (size_t i = 0; i < series.points.size(); ++i) {
    const PlotPoint& point = series.points[i];
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
      joins = false;
      continue;
    }
    if (series.style == PlotStyle::kBars) joins = i % 2 == 1;
    const double x = X(point.x);
    if (joins && series.style == PlotStyle::kSteps) {
      absl::StrAppendFormat(&svg_, "H%.2f", x);
    }
    absl::StrAppendFormat(&svg_, "%c%.2f %.2f", joins ? 'L' : 'M', x,
                          Y(point.y));
    joins = true;
  }
  svg_ += "\"/>\n";
}

void SvgWriter::AppendDots(const PlotSeries& series) {
  for (const PlotPoint& point : series.points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    absl::StrAppendFormat(&svg_, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"2\"/>\n",
                          X(point.x), Y(point.y));
  }
}

void SvgWriter::AppendSeries(const PlotSeries& series, const PlotColor& color) {
  const std::string hex = Hex(color);
  absl::StrAppend(&svg_, "<g stroke=\"", hex, "\" fill=\"", hex, "\"><title>",
                  Escaped(series.name), "</title>\n");
  if (series.style == PlotStyle::kDots) {
    AppendDots(series);
  } else {
    AppendPath(series);
  }
  svg_ += "</g>\n";
}

std::string SvgWriter::Write() {
  constexpr int kTitleBaseline = 20;
  svg_ = absl::StrFormat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      width_, height_, width_, height_);
  AppendText(kTickLength, kTitleBaseline, "font-weight=\"bold\"", plot_.title);
  svg_ += "<g stroke=\"#ddd\" fill=\"black\">\n";
  AppendXAxis();
  AppendYAxis();
  AppendLegend();
  svg_ += "</g>\n";
  for (size_t i = 0; i < plot_.series.size(); ++i) {
    AppendSeries(plot_.series[i], ColorOfSeries(i));
  }
  return svg_ + "</svg>\n";
}

}  // namespace

std::string SvgImage(const Plot& plot, int width, int height) {
  return SvgWriter(plot, width, height).Write();
}

}  // namespace dissectd::cli
