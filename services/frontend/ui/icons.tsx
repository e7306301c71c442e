const iconProps = { viewBox: '0 0 24 24', focusable: 'false', class: 'icon' } as const

export const CartIcon = () => (
  <svg aria-hidden="true" {...iconProps}>
    <path d="M3 4h2.2l2.3 11.2a1.6 1.6 0 0 0 1.6 1.3h8.3a1.6 1.6 0 0 0 1.6-1.2L20.8 8H6.1" />
    <circle cx="9.7" cy="20" r="1.3" />
    <circle cx="17" cy="20" r="1.3" />
  </svg>
)

export const MenuIcon = () => (
  <svg aria-hidden="true" {...iconProps}>
    <path d="M4 7h16M4 12h16M4 17h16" />
  </svg>
)

export const SearchIcon = () => (
  <svg aria-hidden="true" {...iconProps}>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="M15 15l5 5" />
  </svg>
)

export const BinIcon = () => (
  <svg aria-hidden="true" {...iconProps}>
    <path d="M4 7h16M9.5 7V4.5h5V7M6.2 7l1 12.2a1.4 1.4 0 0 0 1.4 1.3h6.8a1.4 1.4 0 0 0 1.4-1.3l1-12.2M10 11v5.5M14 11v5.5" />
  </svg>
)

export const CheckIcon = () => (
  <svg aria-hidden="true" {...iconProps}>
    <path d="M5 12.5 10 17.5 19.5 7" />
  </svg>
)
