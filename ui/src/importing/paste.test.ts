import { describe, expect, it } from "vitest";

import { fileOfPaste, isTable } from "./paste";

const pasted = (text: string, files: File[] = []) => ({ files, getData: () => text }) as unknown as DataTransfer;

describe("what is pasted", () => {
  it("is a table with a header and a row", () => {
    expect(isTable("公司\t姓名\r\n甲\t王芳\r\n")).toBe(true);
    expect(isTable("公司\n甲")).toBe(true);
    expect(isTable("公司\t姓名\n\n")).toBe(false);
    expect(isTable("")).toBe(false);
  });

  it("becomes a file of tabs, in UTF-8", async () => {
    const file = fileOfPaste(pasted("公司\t姓名\n甲\t王芳"), "粘贴");
    expect(file?.name).toBe("粘贴.tsv");
    expect(await file?.text()).toBe("公司\t姓名\n甲\t王芳");
  });

  it("is taken as the file that it is", () => {
    const sheet = new File(["x"], "线索.xlsx");
    expect(fileOfPaste(pasted("", [sheet]), "粘贴")).toBe(sheet);
    expect(fileOfPaste(pasted("一句话"), "粘贴")).toBeNull();
    expect(fileOfPaste(null, "粘贴")).toBeNull();
  });
});
