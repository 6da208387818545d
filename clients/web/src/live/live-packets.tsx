// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { goToFrame } from "../app/capture-links.js";
import { copyText } from "../app/clipboard.js";
import { client } from "../daemon/connection.js";
import { dissectionOptions, messageOf } from "../daemon/dissection-options.js";
import { appliedFilter } from "../filter/draft.js";
import { FilterBar } from "../filter/filter-bar.js";
import { ruleStyle } from "../packets/colors.js";
import { ColumnHeader } from "../packets/column-header.js";
import { columns, columnSelection, columnsWidth, gridTemplate } from "../packets/columns.js";
import "../style/packets.css";
import { Failure } from "../ui/failure.js";
import { showMenu } from "../ui/menu.js";
import { VirtualList, type VirtualListHandle } from "../ui/virtual-list.js";
import { count } from "./format.js";
import { KEPT_PACKETS, PacketFeed, type PacketRow } from "./packet-feed.js";

const ROW_HEIGHT = 20;

/** Reads the packets with the filter, the columns and the dissection of the address. */
function useFeed(name: string): PacketFeed {
  const caller = client.value;
  const filter = appliedFilter.value;
  const selection = columnSelection.value;
  const options = dissectionOptions.value;
  const feed = useMemo(() => {
    const dissection = messageOf(options);
    return new PacketFeed(caller, name, { filter, columns: selection.columns ?? [], dissection });
  }, [caller, name, filter, selection, options]);
  useEffect(() => feed.start(), [feed]);
  return feed;
}

/** The packet list of a capture. It follows the newest packet until one scrolls up. */
export function LivePackets({ name }: { readonly name: string }): JSX.Element {
  const feed = useFeed(name);
  const version = feed.version.value;
  const { length, dropped } = feed.ring;

  const list = useRef<VirtualListHandle>(null);
  const [scrollLeft, setScrollLeft] = useState(0);
  const lastDropped = useRef(0);
  const [isFollowing, setFollowing] = useState(true);
  // Counted from the first packet that the page has had, as rows move when old ones go.
  const [selected, setSelected] = useState<number | undefined>(undefined);

  useEffect(() => {
    setFollowing(true);
    setSelected(undefined);
    lastDropped.current = 0;
  }, [feed]);

  useLayoutEffect(() => {
    const gone = dropped - lastDropped.current;
    lastDropped.current = dropped;
    if (isFollowing) list.current?.reveal(length - 1);
    else if (gone > 0) list.current?.moveBy(-gone);
  }, [feed, version, isFollowing]);

  function select(row: number): void {
    const kept = Math.min(length - 1, Math.max(0, row));
    setFollowing(false);
    setSelected(kept + dropped);
    list.current?.reveal(kept);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const current = selected === undefined ? length - 1 : selected - dropped;
    const moves: Partial<Record<string, () => void>> = {
      ArrowUp: () => {
        select(current - 1);
      },
      ArrowDown: () => {
        select(current + 1);
      },
      Home: () => {
        select(0);
      },
      End: () => {
        setSelected(undefined);
        setFollowing(true);
      },
      Enter: () => {
        const packet = feed.ring.at(current);
        if (packet) goToFrame(packet.number);
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  function menuOf(event: MouseEvent, packet: PacketRow): void {
    showMenu(event, [
      {
        label: "Show Packet in the Packet List",
        shortcut: "Enter",
        action: (): void => {
          goToFrame(packet.number);
        },
      },
      {
        label: "Copy Summary as Text",
        action: (): void => {
          copyText(packet.texts.join("\t"));
        },
      },
    ]);
  }

  function renderRow(row: number): JSX.Element {
    const packet = feed.ring.at(row);
    if (!packet) return <div />;
    const isSelected = row + dropped === selected;
    return (
      <div
        id={`live-packet-${String(packet.number)}`}
        class={`packet-row ${packet.rule ? "colored" : ""}`}
        style={{
          gridTemplateColumns: gridTemplate.value,
          ...(packet.rule && ruleStyle(packet.rule)),
        }}
        title={packet.rule?.name}
        role="option"
        aria-selected={isSelected}
        onClick={() => {
          select(row);
        }}
        onDblClick={() => {
          goToFrame(packet.number);
        }}
        onContextMenu={(event) => {
          menuOf(event, packet);
        }}
      >
        {columns.value.map(({ alignment }, column) => (
          <span key={column} class={alignment}>
            {packet.texts[column]}
          </span>
        ))}
      </div>
    );
  }

  const active = selected === undefined ? undefined : feed.ring.at(selected - dropped)?.number;
  const error = feed.error.value;
  return (
    <section class="packet-list live" aria-label="Packet list">
      <div class="live-toolbar">
        <FilterBar />
        <button
          type="button"
          aria-pressed={isFollowing}
          title="Scroll to the newest packet while packets arrive (End)"
          onClick={() => {
            setFollowing(!isFollowing);
          }}
        >
          Follow
        </button>
        <span class="advice">
          {dropped > 0
            ? `The last ${count(KEPT_PACKETS)} packets.`
            : `${count(length)} packets${appliedFilter.value ? " displayed" : ""}.`}
        </span>
      </div>
      {error !== undefined && <Failure error={error} />}
      <ColumnHeader scrollLeft={scrollLeft} isSortable={false} />
      <VirtualList
        ref={list}
        label="Live packets"
        count={length}
        rowHeight={ROW_HEIGHT}
        renderRow={renderRow}
        rowWidth={`${String(columnsWidth.value)}px`}
        staysAtEnd={isFollowing}
        onSideways={setScrollLeft}
        onKeyDown={onKeyDown}
        {...(active !== undefined && { activeRowId: `live-packet-${String(active)}` })}
        onScroll={(isAtEnd, isUpwards) => {
          // A list that gets higher also scrolls upwards, and stays at its end.
          if (isUpwards && !isAtEnd) setFollowing(false);
          else if (!isUpwards && isAtEnd) setFollowing(true);
        }}
      />
    </section>
  );
}
