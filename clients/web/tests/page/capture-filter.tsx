// SPDX-License-Identifier: Apache-2.0

import { type JSX, render } from "preact";
import { useState } from "preact/hooks";
import {
  CaptureFilterInput,
  rememberCaptureFilter,
} from "../../src/filter/capture-filter-input.js";
import "../../src/style/page.css";
import "../../src/style/ui.css";
import { MenuPlace } from "../../src/ui/menu.js";

/** The input as a dialog has it. Enter remembers the filter, as starting a capture does. */
function Page(): JSX.Element {
  const [filter, setFilter] = useState("");
  const [linkType, setLinkType] = useState("");
  return (
    <main>
      <CaptureFilterInput
        value={filter}
        onChange={setFilter}
        interface="lo"
        linkType={linkType}
        onEnter={() => {
          rememberCaptureFilter(filter);
          setFilter("");
        }}
      />
      <label>
        Link-layer type
        <input
          value={linkType}
          onInput={({ currentTarget }) => {
            setLinkType(currentTarget.value);
          }}
        />
      </label>
      <MenuPlace />
    </main>
  );
}

const page = document.getElementById("page");
if (page) render(<Page />, page);
