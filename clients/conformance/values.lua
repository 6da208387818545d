-- SPDX-License-Identifier: Apache-2.0
--
-- A protocol whose frames have fields of all types that Lua knows, with values at the
-- limits of each type. Captures of real protocols don't have all of them. The first byte of a
-- packet says what its frame has: see the functions below.

local EVERYTHING, FEW, CRASH = 1, 2, 3

-- Values as bytes in hexadecimal, by the type of the field.
local VALUES = {
  { "boolean", ftypes.BOOLEAN, base.NONE, { "00", "01" } },
  { "char", ftypes.CHAR, base.HEX, { "41", "00", "ff" } },
  { "uint8", ftypes.UINT8, base.HEX_DEC, { "00", "ff" } },
  { "uint16", ftypes.UINT16, base.DEC_HEX, { "00ff", "ffff" } },
  { "uint24", ftypes.UINT24, base.HEX, { "00000f", "ffffff" } },
  { "uint32", ftypes.UINT32, base.DEC, { "00000000", "7fffffff", "ffffffff" } },
  { "uint64", ftypes.UINT64, base.DEC, {
    "0000000000000000", "00000000ffffffff", "0000000100000000",
    "0020000000000001", "ffffffffffffffff" } },
  { "octal", ftypes.UINT16, base.OCT, { "01ff" } },
  { "int8", ftypes.INT8, base.DEC, { "7f", "80" } },
  { "int16", ftypes.INT16, base.DEC, { "7fff", "8000" } },
  { "int24", ftypes.INT24, base.DEC, { "7fffff", "800000" } },
  { "int32", ftypes.INT32, base.DEC, { "7fffffff", "80000000", "ffffffff" } },
  { "int64", ftypes.INT64, base.DEC, {
    "000000007fffffff", "ffffffff80000000", "ffffffff7fffffff",
    "7fffffffffffffff", "8000000000000000" } },
  { "float", ftypes.FLOAT, base.NONE, {
    "3f000000", "3dcccccd", "7f800000", "ff800000", "7fc00000", "80000000" } },
  { "double", ftypes.DOUBLE, base.NONE, {
    "3fb999999999999a", "7fefffffffffffff", "0000000000000001",
    "7ff0000000000000", "fff0000000000000", "7ff8000000000000" } },
  { "absolute_time", ftypes.ABSOLUTE_TIME, base.UTC, {
    "0000000000000000", "6566777700000001", "ffffffff3b9ac9ff" } },
  { "relative_time", ftypes.RELATIVE_TIME, base.NONE, {
    "0000000000000000", "000000013b9ac9ff", "7fffffff00000001" } },
  { "string", ftypes.STRING, base.NONE, { "", "610a0962", "22" } },
  { "stringz", ftypes.STRINGZ, base.NONE, { "666f6f00" } },
  { "ether", ftypes.ETHER, base.NONE, { "00005e005301", "ffffffffffff" } },
  { "bytes", ftypes.BYTES, base.COLON, { "", "00", "fffe007f80" } },
  { "ipv4", ftypes.IPv4, base.NONE, { "c0000201", "00000000", "ffffffff" } },
  { "ipv6", ftypes.IPv6, base.NONE, {
    "20010db8000000000000000000000001", "00000000000000000000000000000000",
    "00000000000000000000ffffc0000201", "000000000000000000000000c0000201",
    "00000000000000000000000000000001", "20010db8000000010001000000000001",
    "20010db8000000010001000100010001" } },
  { "ipxnet", ftypes.IPXNET, base.NONE, { "0000000f", "ffffffff" } },
  { "guid", ftypes.GUID, base.NONE, { "00112233445566778899aabbccddeeff" } },
  { "oid", ftypes.OID, base.NONE, { "2a864886f70d", "8837" } },
  { "rel_oid", ftypes.REL_OID, base.NONE, { "c27b0304" } },
  { "eui64", ftypes.EUI64, base.NONE, { "00005efffe005301" } },
  { "system_id", ftypes.SYSTEM_ID, base.NONE, { "192168001001" } },
  { "vines", ftypes.VINES, base.NONE, { "000000010002" } },
  { "fcwwn", ftypes.FCWWN, base.NONE, { "2100001122334455" } },
}

local types = Proto("types", "All Types")
local fields, registered = {}, {}

local function register(name, field)
  fields[name] = field
  table.insert(registered, field)
end

for _, entry in ipairs(VALUES) do
  local name, type, display = table.unpack(entry)
  register(name, ProtoField.new(name .. " value", "types." .. name, type, nil, display))
end
register("framenum", ProtoField.framenum("types.framenum", "Another frame"))
register("nothing", ProtoField.none("types.nothing", "Field without a value"))
register("absent", ProtoField.uint32("types.absent", "Field that no frame has"))
types.fields = registered

local note = ProtoExpert.new("types.note", "A note", expert.group.PROTOCOL,
  expert.severity.NOTE)
types.experts = { note }

-- Adds values from a data source of their own, which lists them one after another.
local function add_values(tree, entries)
  local bytes = ""
  for _, entry in ipairs(entries) do
    bytes = bytes .. table.concat(entry[4])
  end
  local source = ByteArray.new(bytes):tvb("Values")
  local start = 0
  for _, entry in ipairs(entries) do
    local name, _, _, values = table.unpack(entry)
    for _, value in ipairs(values) do
      local length = ByteArray.new(value):len()
      tree:add(fields[name], source(start, length))
      start = start + length
    end
  end
end

-- Adds values that bytes of a packet can't express.
local function add_computed(tree)
  local function generated(item)
    item:set_generated()
  end
  generated(tree:add(fields.relative_time, NSTime.new(-1, -500000000)))
  generated(tree:add(fields.relative_time, NSTime.new(0, -1)))
  generated(tree:add(fields.absolute_time, NSTime.new(-1, 500000000)))
  generated(tree:add(fields.absolute_time, NSTime.new(-62135596801, 0)))
  generated(tree:add(fields.absolute_time, NSTime.new(253402300800, 0)))
  generated(tree:add(fields.framenum, 1))
  generated(tree:add(fields.string, "\xc3\xa4\xe2\x84\x9d\xf0\x9f\xa6\x88"))
  generated(tree:add(fields.string, "not UTF-8: \xff\xfe."))
  generated(tree:add(fields.string, string.rep("long ", 200)))
end

-- Adds nodes with labels and flags of every kind.
local function add_nodes(tree, packet)
  tree:add(fields.nothing, packet(0, 1))
  tree:add(packet(0, 1), "Text without a field")
  tree:add(fields.uint8, packet(0, 1)):append_text(" and more")
  tree:add(fields.uint8, packet(0, 1)):set_text("Another label")
  tree:add(fields.uint8, packet(0, 1)):set_text("")
  tree:add(fields.uint8, packet(0, 1)):set_hidden()
  local parent = tree:add(fields.nothing, packet(0, 1))
  parent:add(fields.uint16, packet(0, 2)):add(fields.uint24, packet(0, 3))
  parent:add_proto_expert_info(note, "A note of the frame")
end

function types.dissector(packet, info, root)
  info.cols.protocol = "Types"
  info.cols.info = "Values \xc3\xa4"
  local tree = root:add(types, packet())
  local kind = packet(0, 1):uint()
  if kind == EVERYTHING then
    add_values(tree, VALUES)
    add_computed(tree)
    add_nodes(tree, packet)
  elseif kind == FEW then
    add_values(tree, { VALUES[6], VALUES[22] })
  elseif kind == CRASH then
    os.exit(3)
  end
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, types)
