// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, navigate, setQuery } from "../app/address.js";
import { copyText } from "../app/clipboard.js";
import { client } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { showMenu } from "../ui/menu.js";
import { VirtualList, type VirtualListHandle } from "../ui/virtual-list.js";
import { count } from "./format.js";
import { KEPT_PACKETS, PacketFeed, type PacketRow } from "./packet-feed.js";
import { PacketHeader, PacketLine } from "./packet-line.js";

const ROW_HEIGHT = 20;

/** Goes to the three panes, at a packet. */
function openPackets(source: string, frame: number): void {
  navigate({ view: "packets", source, query: { frame: String(frame) } });
}

function FilterInput({ filter }: { readonly filter: string }): JSX.Element {
  const [draft, setDraft] = useState(filter);
  useEffect(() => {
    setDraft(filter);
  }, [filter]);
  return (
    <form
      class="live-filter"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ filter: draft.trim() || undefined });
      }}
    >
      <input
        type="text"
        aria-label="Display filter"
        placeholder="Apply a display filter …"
        spellcheck={false}
        value={draft}
        onInput={({ currentTarget }) => {
          setDraft(currentTarget.value);
        }}
      />
      <button type="submit">Apply</button>
      {filter && (
        <button
          type="button"
          onClick={() => {
            setQuery({ filter: undefined });
          }}
        >
          Clear
        </button>
      )}
    </form>
  );
}

/** The packet list of a capture. It follows the newest packet until one scrolls up. */
export function LivePackets({ name }: { readonly name: string }): JSX.Element {
  const filter = address.value.query["filter"] ?? "";
  const caller = client.value;
  const feed = useMemo(() => new PacketFeed(caller, name, { filter }), [caller, name, filter]);
  useEffect(() => feed.start(), [feed]);
  const version = feed.version.value;
  const columns = feed.columns.value;
  const { length, dropped } = feed.ring;

  const list = useRef<VirtualListHandle>(null);
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
        if (packet) openPackets(name, packet.number);
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
          openPackets(name, packet.number);
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
        role="option"
        aria-selected={isSelected}
        onClick={() => {
          select(row);
        }}
        onDblClick={() => {
          openPackets(name, packet.number);
        }}
        onContextMenu={(event) => {
          menuOf(event, packet);
        }}
      >
        <PacketLine row={packet} columns={columns} isSelected={isSelected} />
      </div>
    );
  }

  const active = selected === undefined ? undefined : feed.ring.at(selected - dropped)?.number;
  const problem = feed.error.value === undefined ? undefined : explain(feed.error.value);
  return (
    <section class="live-packets" aria-label="Packet list">
      <div class="live-toolbar">
        <FilterInput filter={filter} />
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
            ? `The last ${count(KEPT_PACKETS)} packets. `
            : `${count(length)} packets${filter ? " displayed" : ""}. `}
          <a href={`#/packets/${name}`}>All packets</a>
        </span>
      </div>
      {problem && (
        <p role="alert" class="form-error">
          {problem.message} {problem.advice}
        </p>
      )}
      <PacketHeader columns={columns} />
      <VirtualList
        ref={list}
        label="Live packets"
        class="packet-rows"
        count={length}
        rowHeight={ROW_HEIGHT}
        renderRow={renderRow}
        staysAtEnd={isFollowing}
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
