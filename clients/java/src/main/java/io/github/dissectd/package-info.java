// SPDX-License-Identifier: Apache-2.0

/** A client of dissectd. */
package io.github.dissectd;
