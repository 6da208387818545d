// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_KEEP_IF_H_
#define SERVER_POLICY_KEEP_IF_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>

namespace dissectd::server {

// Removes the items of a list that a caller may not see.
template <typename Item, typename MaySee>
void KeepIf(const MaySee& may_see,
            google::protobuf::RepeatedPtrField<Item>* items) {
  items->erase(std::remove_if(items->begin(), items->end(),
                              [&](const Item& item) { return !may_see(item); }),
               items->end());
}

}  // namespace dissectd::server

#endif  // SERVER_POLICY_KEEP_IF_H_
