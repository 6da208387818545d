// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/compiled_view.h"

#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<CompiledView> CompiledView::Compile(const View& view,
                                                   const FrameNeeds& needs) {
  ASSIGN_OR_RETURN(DisplayFilterPtr filter,
                   CompileDisplayFilter(view.display_filter));
  return CompiledView(view, needs, std::move(filter));
}

void CompiledView::PrimeFilter(epan_dissect_t* edt) const {
  if (has_filter()) epan_dissect_prime_with_dfilter(edt, filter_.get());
}

void CompiledView::PrimeFields(epan_dissect_t* edt) const {
  if (needs_.fields == nullptr) return;
  for (const int id : needs_.fields->ids()) {
    epan_dissect_prime_with_hfid(edt, id);
  }
}

}  // namespace dissectd::engine
