// SPDX-License-Identifier: Apache-2.0

/** The ways from one view of a capture to another. */
import type { MenuItem } from "../ui/menu.js";
import { type Address, address, navigate, sameCapture } from "./address.js";

type ReportQuery = Address["query"] & { readonly report: string };

function filtered(query: Address["query"]): Address["query"] {
  const { filter = "" } = address.value.query;
  return { filter, ...query };
}

/** Returns the address of a frame in the packet list, with the filter that is shown. */
export function addressOfFrame(frame: number): Address {
  return sameCapture("packets", filtered({ frame: String(frame) }));
}

/** Shows a frame in the packet list. */
export function goToFrame(frame: number): void {
  navigate(addressOfFrame(frame));
}

/** Shows a report with its options; with the filter that is shown, unless they have one. */
export function goToReport(query: ReportQuery): void {
  navigate(sameCapture("statistics", filtered(query)));
}

/** Returns what shows a report in a menu. */
export function reportItem(label: string, query: ReportQuery): MenuItem {
  return {
    label,
    action: (): void => {
      goToReport(query);
    },
  };
}
