// SPDX-License-Identifier: Apache-2.0

/**
 * Returns an event for `showMenu` that opens the menu below the button that was clicked, by
 * the mouse or by the keyboard, also some time after the click.
 */
export function belowButton({ currentTarget }: MouseEvent): MouseEvent {
  const area = currentTarget instanceof Element ? currentTarget.getBoundingClientRect() : undefined;
  const place = { clientX: area?.left ?? 0, clientY: area?.bottom ?? 0 };
  return new MouseEvent("contextmenu", place);
}
