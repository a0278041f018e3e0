"""Pictures of curves as SVG: both axes logarithmic, readable on a light and on a dark page."""

import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 78, 16, 40, 52
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .line { fill: none; stroke-width: 2.5; }
  .c0 { stroke: #0969da; } .d0 { fill: #0969da; }
  .c1 { stroke: #bc4c00; stroke-dasharray: 7 4; } .d1 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .grid { stroke: #3d444d; }
    .c0 { stroke: #58a6ff; } .d0 { fill: #58a6ff; }
    .c1 { stroke: #f0883e; } .d1 { fill: #f0883e; }
  }
"""


def short(value):
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def ticks(low, high):
    """Powers of ten, and 2 and 5 times them where there are few of them."""
    steps = (1,) if high / low > 2000 else (1, 2, 5)
    found = [s * 10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for s in steps]
    return [t for t in found if low / 1.001 <= t <= high * 1.001]


def chart(title, x_name, y_name, lines):
    """`lines` is a list of a name and its points (x, y); all are greater than 0."""
    xs = [x for _, points in lines for x, _ in points]
    ys = [y for _, points in lines for _, y in points]
    x0, x1 = min(xs), max(xs)
    y0, y1 = min(ys) / 1.3, max(ys) * 1.3

    def across(x):
        return LEFT + (math.log(x) - math.log(x0)) / (math.log(x1) - math.log(x0)) * (WIDTH - LEFT - RIGHT)

    def up(y):
        return HEIGHT - BOTTOM - (math.log(y) - math.log(y0)) / (math.log(y1) - math.log(y0)) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">',
           f"<style>{STYLE}</style>", f'<text class="title" x="{LEFT}" y="20">{title}</text>']
    for t in ticks(y0, y1):
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(t):.1f}" y2="{up(t):.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{up(t) + 4:.1f}" text-anchor="end">{short(t)}</text>')
    for x in sorted(set(xs)):
        out.append(f'<line class="grid" x1="{across(x):.1f}" x2="{across(x):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{short(x)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{x_name}</text>')
    out.append(f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">{y_name}</text>')
    for i, (name, points) in enumerate(lines):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        out.append(f'<polyline class="line c{i}" points="{path}"/>')
        out += [f'<circle class="d{i}" r="3.5" cx="{across(x):.1f}" cy="{up(y):.1f}"/>' for x, y in points]
        at = WIDTH - RIGHT - 150 * (len(lines) - i)
        out.append(f'<line class="line c{i}" x1="{at}" x2="{at + 28}" y1="16" y2="16"/><text x="{at + 34}" y="20">{name}</text>')
    return "\n".join(out + ["</svg>", ""])
