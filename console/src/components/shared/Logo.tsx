/** Our sign and name. */
export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-base font-semibold">
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-6 shrink-0">
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <g className="fill-on-accent stroke-on-accent">
          <path
            d="M8 11h5a3 3 0 0 1 3 3v4a3 3 0 0 0 3 3h5"
            fill="none"
            strokeWidth="2.5"
            strokeLinecap="round"
          />
          <circle cx="8" cy="11" r="2" />
          <circle cx="24" cy="21" r="2" />
          <circle cx="24" cy="11" r="1.5" opacity="0.6" />
          <circle cx="8" cy="21" r="1.5" opacity="0.6" />
        </g>
      </svg>
      Switchboard
    </span>
  );
}
