// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/compiled_view.h"

#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<CompiledView> CompiledView::Compile(
    const View& view, const FieldSet& wanted_fields) {
  ASSIGN_OR_RETURN(DisplayFilterPtr filter,
                   CompileDisplayFilter(view.display_filter));
  return CompiledView(view, wanted_fields, std::move(filter));
}

bool CompiledView::NeedsVisibleTree() const {
  return view_->WantsTree() ||
         (view_->labels && wanted_fields_->AnyHasLabelOnly());
}

void CompiledView::PrimeFilter(epan_dissect_t* edt) const {
  if (has_filter()) epan_dissect_prime_with_dfilter(edt, filter_.get());
}

void CompiledView::PrimeFields(epan_dissect_t* edt) const {
  for (const int id : wanted_fields_->ids()) {
    epan_dissect_prime_with_hfid(edt, id);
  }
}

}  // namespace dissectd::engine
