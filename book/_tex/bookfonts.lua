-- A character that one of the book's fonts lacks comes from the first font of its chain that
-- has it. Fonts are loaded when such a character is met: luaotfload's own fallbacks load the
-- whole chain behind every font and size, 3.6 GB for 500 pages.
local getfont, setfont = font.getfont, node.direct.setfont
local todirect, traverse_char = node.direct.todirect, node.direct.traverse_char

local scripts = {
  "Hebrew:mode=harf;script=hebr", "Devanagari:mode=harf;script=dev2", "Thai:mode=harf;script=thai",
  "Bengali:mode=harf;script=bng2", "Tamil:mode=harf;script=tml2", "Telugu:mode=harf;script=tel2",
  "Kannada:mode=harf;script=knd2", "Malayalam:mode=harf;script=mlm2",
  "Gujarati:mode=harf;script=gjr2", "Gurmukhi:mode=harf;script=gur2",
  "Sinhala:mode=harf;script=sinh", "Khmer:mode=harf;script=khmr", "Lao:mode=harf;script=lao",
  "Myanmar:mode=harf;script=mym2", "Ethiopic:mode=harf;script=ethi",
}

-- Arabic comes first: DejaVu has its letters, but they would not join.
local function chain(style, ...)
  local names = { "Noto Naskh Arabic:mode=harf;script=arab" }
  for _, name in ipairs { ... } do
    names[#names + 1] = name .. ":mode=harf"
  end
  for _, script in ipairs(scripts) do
    names[#names + 1] = style .. script
  end
  return names
end

local chains = {
  ["TeXGyrePagella-"] = chain("Noto Serif ", "DejaVu Serif", "Noto Serif CJK SC",
    "Noto Color Emoji", "Symbola"),
  ["TeXGyreHeros-"] = chain("Noto Sans ", "DejaVu Sans", "Noto Sans CJK SC",
    "Noto Color Emoji", "Symbola"),
  ["Inconsolata-"] = chain("Noto Sans ", "DejaVu Sans Mono", "Noto Sans Mono CJK SC",
    "Noto Color Emoji", "Symbola"),
}

-- A table that computes what it does not hold yet.
local function memo(compute)
  return setmetatable({}, {
    __index = function(t, key)
      local value = compute(key)
      t[key] = value
      return value
    end,
  })
end

local function define(name, size)
  local found = luaotfload.define_font(name, size)
  if type(found) ~= "table" then
    return found
  end
  local id = font.define(found)
  fonts.definers.register(found, id)
  return id
end

local sized = memo(function(size)
  return memo(function(name) return define(name, size) end)
end)

-- DejaVu Sans Mono is wider: drawn smaller, its boxes and bars keep to the columns of the code.
local narrower = { ["DejaVu Sans Mono:mode=harf"] = 0.5 / 0.602 }

local function chain_behind(f)
  for start, chain in pairs(chains) do
    if f.psname and f.psname:sub(1, #start) == start then
      return chain
    end
  end
  return {}
end

-- DejaVu Sans Mono has Arabic letters, but unshaped they do not join.
local function arabic(char)
  return char >= 0x600 and char < 0x780
end

-- Which font stands in for a character of a font; the font itself where no other has it.
local stand_in = memo(function(id)
  local f = getfont(id) or {}
  local own, chain = f.characters or {}, chain_behind(f)
  return memo(function(char)
    if own[char] and not arabic(char) then
      return id
    end
    for _, name in ipairs(chain) do
      local other = sized[f.size * (narrower[name] or 1)][name]
      if other and getfont(other).characters[char] then
        return other
      end
    end
    return id
  end)
end)

-- Where TeX kerns one font and HarfBuzz shapes the next in a paragraph, luaotfload kerns from
-- node to node, and a node may be gone by then. Told not to, it kerns the whole list.
luaotfload.fontloader.nodes.handlers.setbasemodepass(false)

luatexbase.add_to_callback("pre_shaping_filter", function(head)
  for glyph, char, id in traverse_char(todirect(head)) do
    local font_of_char = stand_in[id][char]
    if font_of_char ~= id then
      setfont(glyph, font_of_char)
    end
  end
  return true
end, "bookfonts.stand_in")

local function right_to_left(head)
  for _, char in traverse_char(todirect(head)) do
    if char >= 0x590 and (char < 0x900 or char >= 0xFB1D and char < 0xFE00
        or char >= 0xFE70 and char < 0xFF00 or char >= 0x10800 and char < 0x11000
        or char >= 0x1E800 and char < 0x1F000) then
      return true
    end
  end
end

-- Babel orders the two directions of writing in Lua, in a third of the time of a pass: it is
-- asked only where something is written from right to left.
for callback, name in pairs {
  pre_linebreak_filter = "Babel.pre_otfload_v",
  hpack_filter = "Babel.pre_otfload_h",
} do
  local order = luatexbase.remove_from_callback(callback, name)
  luatexbase.add_to_callback(callback, function(head, ...)
    return right_to_left(head) and order(head, ...) or head
  end, name, 1)
end
