import styles from "./Bones.module.css";

interface BoneProps {
  width?: number | string;
  height?: number;
}

/** A grey bar in the place of text that is on its way. */
export function Bone({ width = "100%", height = 12 }: BoneProps) {
  return <span className={styles.bone} style={{ width, height }} aria-hidden />;
}

/** Several lines of bones of differing length. */
export function BoneLines({ lines = 6 }: { lines?: number }) {
  return (
    <div className={styles.lines} aria-busy="true">
      {Array.from({ length: lines }, (_, index) => (
        <Bone key={index} width={`${88 - ((index * 23) % 46)}%`} />
      ))}
    </div>
  );
}
