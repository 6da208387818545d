// SPDX-License-Identifier: Apache-2.0

import { render } from "preact";
import { keepConnected } from "../daemon/connection.js";
import { followSource } from "../daemon/open-capture.js";
import { followOpened } from "../start/recent.js";
import { followReturns } from "../start/uploads.js";
import "../style/page.css";
import "../style/ui.css";
import { followAddressBar } from "./address.js";
import { followViews } from "./notices.js";
import { Shell } from "./shell.js";
import { followTitle } from "./title.js";
import { followTheme } from "./theme.js";

followTheme();
followAddressBar();
keepConnected();
followSource();
followOpened();
followReturns();
followViews();
followTitle();
const page = document.getElementById("page");
if (page) render(<Shell />, page);
