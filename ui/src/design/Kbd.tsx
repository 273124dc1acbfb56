import styles from "./Kbd.module.css";

/** A key cap. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  return <kbd className={styles.kbd}>{keys.replace("mod", isMac ? "⌘" : "Ctrl ")}</kbd>;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
