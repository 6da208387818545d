// SPDX-License-Identifier: Apache-2.0

/** Light or dark: what the user has chosen for this page, or else for the system. */
import { computed, effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
export const THEME_CHOICES = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = "dissectd.theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<Theme>(systemIsDark.matches ? "dark" : "light");
systemIsDark.addEventListener("change", ({ matches }) => {
  systemTheme.value = matches ? "dark" : "light";
});

function isChoice(text: string | null): text is ThemeChoice {
  return (THEME_CHOICES as readonly (string | null)[]).includes(text);
}

const stored = localStorage.getItem(KEY);
export const themeChoice = signal<ThemeChoice>(isChoice(stored) ? stored : "system");

/** The theme that is shown; charts draw in its colors. */
export const theme = computed<Theme>(() =>
  themeChoice.value === "system" ? systemTheme.value : themeChoice.value,
);

/** Keeps the page's theme the chosen one. */
export function followTheme(): void {
  effect(() => {
    localStorage.setItem(KEY, themeChoice.value);
    document.documentElement.dataset["theme"] = theme.value;
  });
}
