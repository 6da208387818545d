// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the rules for all TypeScript of the project. Each package passes its own modules,
 * so that it can be checked without the others' being installed.
 *
 * @param {{ eslint: import("@eslint/js"), tseslint: typeof import("typescript-eslint") }} modules
 * @param {string} folder the folder of the package
 * @param {string[]} ignores what isn't checked
 * @returns {import("eslint").Linter.Config[]}
 */
export function rulesFor({ eslint, tseslint }, folder, ignores) {
  return [
    { ignores },
    eslint.configs.recommended,
    ...tseslint.configs.strictTypeChecked,
    ...tseslint.configs.stylisticTypeChecked,
    {
      languageOptions: {
        parserOptions: {
          projectService: { allowDefaultProject: ["eslint.*.mjs"] },
          tsconfigRootDir: folder,
        },
      },
      rules: {
        "@typescript-eslint/consistent-type-imports": "error",
        "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_$" }],
        "@typescript-eslint/explicit-function-return-type": "error",
        // Enums of proto3 are open: a later daemon may send numbers without a name.
        "@typescript-eslint/no-unsafe-enum-assignment": "off",
        // An empty string means in the API, and in the environment, that there is none.
        "@typescript-eslint/prefer-nullish-coalescing": [
          "error",
          { ignorePrimitives: { string: true } },
        ],
      },
    },
    // JavaScript has no types to be written.
    { files: ["*.mjs"], rules: { "@typescript-eslint/explicit-function-return-type": "off" } },
  ];
}
