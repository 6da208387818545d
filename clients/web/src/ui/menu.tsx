// SPDX-License-Identifier: Apache-2.0

/** The menu that a right click, or the menu key, opens. There is one at a time. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { createPortal } from "preact/compat";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface MenuItem {
  readonly label: string;
  /** What it does; without it and without `items`, the item is a heading. */
  readonly action?: () => void;
  /** The items of the menu that opens beside this one. */
  readonly items?: readonly MenuItem[];
  /** A key that does the same elsewhere, to be shown. */
  readonly shortcut?: string;
}

/** Where a menu opens: at the point, or left of `otherX` if there is no room. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly otherX?: number;
}

interface OpenMenu {
  readonly place: Place;
  readonly items: readonly MenuItem[];
  readonly opener: Element | null;
}

const openMenu = signal<OpenMenu | undefined>(undefined);

function placeOf(event: MouseEvent | KeyboardEvent): Place {
  if (event instanceof MouseEvent) return { x: event.clientX, y: event.clientY };
  const target = event.currentTarget instanceof Element ? event.currentTarget : null;
  const area = target?.getBoundingClientRect();
  return { x: area?.left ?? 0, y: area?.bottom ?? 0 };
}

/** Opens a menu where the event was, or at an element, in place of the browser's own. */
export function showMenu(
  event: MouseEvent | KeyboardEvent,
  items: readonly MenuItem[],
  at?: Element | null,
): void {
  event.preventDefault();
  const area = at?.getBoundingClientRect();
  const place = area ? { x: area.left + 24, y: area.bottom } : placeOf(event);
  openMenu.value = { place, items, opener: document.activeElement };
}

function close(): void {
  const opener = openMenu.value?.opener;
  openMenu.value = undefined;
  if (opener instanceof HTMLElement) opener.focus();
}

/** Moves the focus to another item of one menu. */
function moveFocus(list: HTMLElement, by: 1 | -1): void {
  const items = [...list.querySelectorAll<HTMLElement>(":scope > li > [role=menuitem]")];
  const at = items.findIndex((item) => item === document.activeElement);
  items[(at < 0 && by < 0 ? items.length : at) + by]?.focus();
  if (at === items.length - 1 && by > 0) items[0]?.focus();
  if (at === 0 && by < 0) items.at(-1)?.focus();
}

/** Keeps a menu within the window. */
function fit(menu: HTMLElement, { x, y, otherX }: Place): void {
  const { offsetWidth, offsetHeight } = menu;
  const isTooWide = x + offsetWidth > innerWidth;
  const left = isTooWide && otherX !== undefined ? otherX - offsetWidth : x;
  menu.style.left = `${String(Math.max(0, Math.min(left, innerWidth - offsetWidth)))}px`;
  menu.style.top = `${String(Math.max(0, Math.min(y, innerHeight - offsetHeight)))}px`;
}

interface ItemProps {
  readonly item: MenuItem;
  readonly isOpen: boolean;
  /** Opens this item's menu, or closes that of another item. */
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}

function Item({ item, isOpen, onEnter, onLeave }: ItemProps): JSX.Element {
  const { label, action, items, shortcut } = item;
  const button = useRef<HTMLButtonElement>(null);
  if (!action && !items) {
    return (
      <li role="presentation" class="menu-heading">
        {label}
      </li>
    );
  }
  const area = button.current?.getBoundingClientRect();
  return (
    <li role="none">
      <button
        ref={button}
        type="button"
        role="menuitem"
        aria-keyshortcuts={shortcut?.replace("Ctrl", "Control")}
        {...(items && { "aria-haspopup": "menu", "aria-expanded": isOpen })}
        onPointerEnter={onEnter}
        onKeyDown={(event) => {
          if (event.key !== "ArrowRight" || !items) return;
          event.preventDefault();
          onEnter();
        }}
        onClick={() => {
          if (items) {
            onEnter();
            return;
          }
          close();
          action?.();
        }}
      >
        {label}
        {shortcut && (
          <kbd aria-hidden="true">
            {shortcut.replace("ArrowRight", "→").replace("ArrowLeft", "←")}
          </kbd>
        )}
        {items && <span aria-hidden="true">▸</span>}
      </button>
      {items && isOpen && area && (
        <Menu
          label={label}
          items={items}
          place={{ x: area.right, y: area.top, otherX: area.left }}
          onLeave={() => {
            onLeave();
            button.current?.focus();
          }}
        />
      )}
    </li>
  );
}

interface MenuProps {
  readonly label?: string;
  readonly items: readonly MenuItem[];
  readonly place: Place;
  /** Goes back to the menu that this one belongs to. */
  readonly onLeave?: () => void;
}

function Menu({ label, items, place, onLeave }: MenuProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const [openItem, setOpenItem] = useState(-1);
  useLayoutEffect(() => {
    if (!list.current) return;
    fit(list.current, place);
    moveFocus(list.current, 1);
  }, [items]);
  return (
    <ul
      ref={list}
      class="menu"
      role="menu"
      aria-label={label}
      onPointerDown={(event) => {
        event.stopPropagation();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape" || event.key === "Tab") close();
        else if (event.key === "ArrowDown") moveFocus(event.currentTarget, 1);
        else if (event.key === "ArrowUp") moveFocus(event.currentTarget, -1);
        else if (event.key === "ArrowLeft") onLeave?.();
        else return;
        event.preventDefault();
      }}
    >
      {items.map((item, index) => (
        <Item
          key={index}
          item={item}
          isOpen={index === openItem}
          onEnter={() => {
            setOpenItem(index);
          }}
          onLeave={() => {
            setOpenItem(-1);
          }}
        />
      ))}
    </ul>
  );
}

/** Where the menu appears; once in the page. */
export function MenuPlace(): JSX.Element | null {
  const open = openMenu.value;
  if (!open) return null;
  // Nothing outside of a dialog can be used while it is open.
  const dialog = open.opener?.closest("dialog");
  const cover = (
    <div
      class="menu-cover"
      onPointerDown={close}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      <Menu items={open.items} place={open.place} />
    </div>
  );
  return dialog ? createPortal(cover, dialog) : cover;
}
