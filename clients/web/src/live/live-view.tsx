// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { address } from "../app/address.js";
import "../style/live.css";
import "../style/tiles.css";
import { CaptureView } from "./capture-view.js";
import { Overview } from "./overview.js";

/** A live capture, or all of them. */
export function LiveView(): JSX.Element {
  const { source } = address.value;
  return source ? <CaptureView key={source} name={source} /> : <Overview />;
}
