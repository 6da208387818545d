// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/batch_encoder.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/encode/column_encoder.h"
#include "core/encode/compact_encoder.h"
#include "core/encode/plain_encoder.h"
#include "core/encode/tree_walk.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<BatchEncoder>> MakeBatchEncoder(
    const View& view) {
  ASSIGN_OR_RETURN(TreeWalk walk, TreeWalk::Create(view));
  switch (view.form) {
    case Form::kPlain:
      return std::make_unique<PlainEncoder>(view, std::move(walk));
    case Form::kColumnar:
      return ColumnEncoder::Create(view, std::move(walk));
    case Form::kUnspecified:
    case Form::kCompact:
      break;
  }
  return std::make_unique<CompactEncoder>(view, std::move(walk));
}

}  // namespace dissectd::engine
