// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_MERGE_H_
#define CORE_EPAN_MERGE_H_

// wiretap's header of merging, which isn't complete without others.

#include "core/epan/wireshark.h"
// The header of libwireshark comes before this.
#include <wiretap/merge.h>

#endif  // CORE_EPAN_MERGE_H_
