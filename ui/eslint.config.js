import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules", "../src/chengdan/static"] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    files: ["scripts/**"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", { max: 400 }],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "antd",
              importNames: ["DatePicker", "TimePicker", "Calendar"],
              message: "They go by the browser's clock: take @/design/DatePicker.",
            },
          ],
        },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXText[value=/[\\u4e00-\\u9fff]/]", message: "Text goes through t()." },
        { selector: "JSXText[value=/[A-Za-z]{2,}/]", message: "Text goes through t()." },
      ],
    },
  },
);
