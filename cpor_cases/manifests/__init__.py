"""What a court says it holds, compared with what is on record here.

`canonical` is the specification of the digests in code, `reading` takes a manifest in, `comparison` finds what differs and
`results` keeps it. docs/court-systems.md says the same to courts' programmers, and `examples/` has test vectors.
"""
