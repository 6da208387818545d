// SPDX-License-Identifier: Apache-2.0
import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { rulesFor } from "./eslint.shared.mjs";

export default defineConfig(
  rulesFor({ eslint, tseslint }, import.meta.dirname, ["dist", "src/gen", "generate_reasons.mjs"]),
);
