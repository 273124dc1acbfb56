/** The sign of the product: a tick on jade. */
export function Mark({ size = 22, inverse }: { size?: number; inverse?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill={inverse ? "#ffffff" : "var(--accent)"} />
      <path
        d="M8.5 16.8l4.9 4.9L23.8 10.6"
        fill="none"
        stroke={inverse ? "#176450" : "var(--on-accent)"}
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
