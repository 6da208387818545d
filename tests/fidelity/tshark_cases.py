# SPDX-License-Identifier: GPL-2.0-or-later
"""Command lines of tshark: each option alone, joined, repeated and wrong.

Blanks separate arguments; a '~' stands for a blank within one, and '@' for no
characters. docs/tshark.md lists those whose results differ.
"""

# Every option that needs no other one, together with a file.
_READING = """
-r dns.pcap
-rdns.pcap
-r dns.pcap -r http1.pcap.gz -c 3
-qrdns.pcap
-r dns.pcap -2
-22r dns.pcap
-r dns.pcap -V -c 1
-r dns.pcap -Vx -c1
-r dns.pcap -x -c 2
-r dns.pcap -xx -c 2
-r dns.pcap -P -c 2
-r dns.pcap --print -V -c 2
-r dns.pcap --pr -c 1
-r dns.pcap -O dns -c 1
-r dns.pcap -Odns,udp -c 1
-r dns.pcap -O ip -O dns -c 1
-r dns.pcap -V -O dns -c 1
-r dns.pcap -O dns -V -c 1
-PPr dns.pcap -c 1
-r dns.pcap -S ---- -V -c 2
-r dns.pcap -S---- -x -c 2
-r dns.pcap -S a -S b -V -c 2
-r dns.pcap -n -c 2
-r dns.pcap -N nt -c 2
-r dns.pcap -Nd
-r dns.pcap -N m -N t -c 2
-r dns.pcap -N mnNtdv -c 2
-r dns.pcap -N N -n -c 2
-r dns.pcap -n -N t -c 2
-r dns.pcap -t ad
-r dns.pcap -tud
-r dns.pcap -t a -t e
-r dns.pcap -t adoy -c 2
-r dns.pcap -t udoy -c 2
-r dns.pcap -tu -c 2
-r dns.pcap -td -c 2
-r dns.pcap -t dd -c 2
-r dns.pcap -t r -c 2
-r dns.pcap -u hms
-r dns.pcap -us
-r dns.pcap -u hms -u s
-r dns.pcap -l -c 3
-r dns.pcap -ll -c 3
-r dns.pcap -q
-r dns.pcap -Q
-r dns.pcap -qQ
-r dns.pcap -g -c 1
-r dns.pcap -c 1
-r dns.pcap -c1
-r dns.pcap -c 5 -c 2
-r dns.pcap -a packets:2
-r dns.pcap -apackets:2
-r dns.pcap --autostop packets:2
-r dns.pcap --autostop=packets:2
-r dns.pcap -a packets:2 -c 1
-r dns.pcap -a packets:2 -a packets:1
-r dns.pcap -a packets:2 -c 3
-r dns.pcap -a packets:1 -Y dns.a
-r dns.pcap -a packets:2 -2
-r dns.pcap -a packets:1 -2 -Y dns.a
-r dns.pcap -a packets:1 -Y dns.a -w written.pcapng -P
-r dns.pcap -a packets:2 -2 -w written.pcapng
-r dns.pcap -Y dns.a
-r dns.pcap -Ydns.a
-r dns.pcap -Y dns.a -Y dns.aaaa
-r dns.pcap -Y @
-r dns.pcap dns.a
-r dns.pcap dns.a && ip
-r dns.pcap -c 3 -- dns.a
-r dns.pcap @
-r dns.pcap -2 -R dns.a
-r dns.pcap -2 -Rdns.a -Y ip
-r dns.pcap -2 -R dns.a -R ip
-R dns.a -2 -r dns.pcap
-r dns.pcap -d udp.port==53,mdns
-r dns.pcap -dudp.port==53,mdns -V -c 1
-r dns.pcap -d udp.port==53,mdns -d udp.port==53,dns
-r dns.pcap -o ip.check_checksum:TRUE -V -c 1
-r dns.pcap -oip.check_checksum:TRUE -o ip.check_checksum:FALSE -V -c 1
-r dns.pcap -CDefault -o ip.check_checksum:TRUE -C Default -V -c 1
-r dns.pcap -o gui.column.format:"No.","%m","Proto","%p" -c 2
-r http1-tls.pcap -o tls.keylog_file:http1-tls.keys
-r http1-tls.pcap -otls.keylog_file:http1-tls.keys -Y http
-r http1-tls.pcap -o tls.keylog_file:missing.keys
-r dns.pcap -X read_format:Wireshark/tcpdump/...~-~pcap -c 2
-r dns.pcap -X read_format:MIME~Files~Format
-r dns.pcap -X read_format:Wireshark/tcpdump/...~-~pcap -w written.pcapng -P
-r dns.pcap -X read_format:MIME~Files~Format -w written.pcapng
-r dns.pcap -X read_format:Wireshark/...~-~pcapng -X read_format:x -c 2
-2r dns.pcap -X read_format:Wireshark/tcpdump/...~-~pcap -w written.pcapng
-r dns.pcap -XNosuch:x -X x -c 1
-r dns.pcap -C Default -c 1
-r kerberos.pcap -K kerberos.keytab -okerberos.decrypt:TRUE -V
-r kerberos.pcap -Kkerberos.keytab -o kerberos.decrypt:TRUE -V -c 1
-r tls-rsa.pcap -ouat:rsa_keys:"tls-rsa.pem","" -Y http
-r ssh.pcap -o ssh.keylog_file:ssh.keys -w written.pcapng -Y ssh.mac
-r dns.pcap -H names.hosts -N n
-r dns.pcap -Hnames.hosts -N n -c 3
-r dns.pcap -H names.hosts -Hnames.hosts -N n -c 3
-r dns.pcap -H names.hosts -H more.hosts -N n -c 3
-r dns.pcap -H more.hosts -H names.hosts -N n -c 3
-r dns.pcap -H names.hosts -H more.hosts -w written.pcapng
-r dns.pcap --enable-protocol dns
-r dns.pcap --disable-protocol dns
-r dns.pcap --disable-protocol=dns
-r dns.pcap --disable-protocol dns --disable-protocol udp
-r dns.pcap --disable-protocol dns --enable-protocol dns -c 2
-r dns.pcap --enable-protocol=dns --disable-protocol=dns -c 2
-r dns.pcap --enable-heuristic rtp_udp
-r http1.pcap.gz --disable-heuristic http_tcp -c 8
-r http1.pcap.gz --disable-heuristic=http_tcp --enable-heuristic=http_tcp -c 8
-r dns.pcap -T fields -e frame.number -e dns.a
-r dns.pcap -Tfields -eframe.number
-r dns.pcap -T fields -e frame.number -Eheader=y -E separator=,
-r dns.pcap -T fields -e frame.number -Eheader=y -E header=n
-r dns.pcap -T fields -e dns.qry.name -E bom=y -Equote=d -E occurrence=f -c 2
-r dns.pcap -T fields -e ip.addr -E aggregator=/s -Eoccurrence=a -c 2
-r dns.pcap -T text -T tabs -c 2
-r dns.pcap -T json -c 2
-r dns.pcap -T jsonraw -c 2
-r dns.pcap -T ek -c 2
-r dns.pcap -T pdml -c 2
-r dns.pcap -T psml -c 2
-r dns.pcap -T json --no-duplicate-keys -c 2
-r dns.pcap -T json --no-dup -c 2
-r dns.pcap -T json --no-duplicate-keys --no-duplicate-keys -c 2
-r dns.pcap -T json -j dns -c 2
-r dns.pcap -T json -jip~ip.src -c 2
-r dns.pcap -T ek -J dns -c 2
-r dns.pcap -T json -j ip -J dns -c 2
-r dns.pcap -T json -j ip -j dns -c 1
-r dns.pcap -T ek -J ip -J dns -c 1
-r dns.pcap --hexdump all -c 2
-r dns.pcap --hexdump=frames -c 2
-r dns.pcap --hex delimit --hex frames -c 2
-r dns.pcap -x --hexdump noascii -c 2
-r dns.pcap --hexdump noascii -x -c 2
-r dns.pcap --color -c 2
-r dns.pcap --color --color -c 2
-r dns.pcap --temp-dir . -c 2
-r dns.pcap --temp-dir=. -c 2
-r dns.pcap --compress-type none -c 2
-r dns.pcap --compress none -c 2
-r dns.pcap --compress-type=gzip -c 2
-r dns.pcap --compress-type gzip -w written.pcapng
-r escape\x1b.pcap.gz -c 1
-r escape\x1b.pcap.gz -c 1 -w written.pcapng
-r dns.pcap -i lo -c 2
-r dns.pcap -s 10 -c 2
-r dns.pcap --snapshot-length=10 -c 2
-r dns.pcap --snapshot-length 10 -s20 -c 2
-r dns.pcap --interface=lo -c 2
-r dns.pcap --no-promiscuous-mode --monitor-mode -c 2
-r dns.pcap --buffer-size=2 --buffer-size 3 -c 2
-r dns.pcap --linktype=EN10MB --linktype x -c 2
-r dns.pcap -pI -c 2
-r dns.pcap -B 2 -c 2
-r dns.pcap -y EN10MB -c 2
-r dns.pcap --time-stamp-type x -c 2
-r dns.pcap --time-stamp-type=x -c 2
-r dns.pcap -F pcap -c 2
-r dns.pcap -W n -c 2
-r dns.pcap -Wn -W n -c 2
-r dns.pcap -Fpcap -F pcapng -w written.pcapng
-r dns.pcap -w written.pcapng
-r dns.pcap -wwritten.pcap -F pcap
-r dns.pcap -w written.pcapng -Y dns.a
-r dns.pcap -w written.pcapng -P
-r dns.pcap -w written.pcapng -c 2 -V
-r dns.pcap -w written.pcapng -T json -c 2
-r dns.pcap -w written.pcapng -T jsonraw -c 2
-r dns.pcap -w written.pcapng -T pdml -c 2
-r dns.pcap -w written.pcapng -T psml -c 2
-r dns.pcap -w written.pcapng -T fields -e frame.number -c 2
-r kerberos.pcap -w written.pcapng -P -K missing.keytab -c 1
-r dns.pcap -w written.pcapng -W n -H names.hosts
-r dns.pcap -w written.pcapng --capture-comment hello
-r dns.pcap -w written.pcapng --capture-comment=hello --capture-comment world
-r dns.pcap -w written.pcap -F pcap --capture-comment hello
-r dns.pcap -w - -F pcap
-r dns.pcap -w written.pcapng -w -
-r folder/cut.pcap
-r folder/cut.pcap -w written.pcap -F pcap
-r folder/cut.pcap -w written.pcap -F pcap -P
-r cut.pcapng -2
-r text.pcap
"""

# Command lines that fail.
_WRONG = """
-r missing.pcap
-r folder
-r folder/text.pcap
-r zero.pcap
-r /dev/null
-r @
-k
-qk
-A a:b
-:
--nosuch
--nosuch=1
--read-file dns.pcap
--read-filter ip
--display-filter ip
--r dns.pcap
--list-
--color=x -r dns.pcap
--print=x -r dns.pcap
--version=x
--help=x
--list-data-link-types=x
--interface
--inter
-r
-r dns.pcap -c
-r dns.pcap -Y
-r dns.pcap -R
-r dns.pcap -N
-r dns.pcap -d
-r dns.pcap -H
-r dns.pcap -O
-r dns.pcap -S
-r dns.pcap -T
-r dns.pcap -j
-r dns.pcap -J
-r dns.pcap -e
-r dns.pcap -E
-r dns.pcap -t
-r dns.pcap -u
-r dns.pcap -W
-r dns.pcap -K
-r dns.pcap -o
-r dns.pcap -w
-r dns.pcap -X
-r dns.pcap -U
-r dns.pcap -z
-r dns.pcap -M
-r dns.pcap -C
-r dns.pcap -F
-r dns.pcap --hexdump
-r dns.pcap --capture-comment
-r dns.pcap -c x
-r dns.pcap -c 0
-r dns.pcap -c -1
-r dns.pcap -c 1 -c x
-r dns.pcap -c @
-r dns.pcap -c 1e3
-r dns.pcap -c +2
-r dns.pcap -c 0x2
-r dns.pcap -c 4294967296
-r dns.pcap -Y ip.adr
-r dns.pcap -Y ip~==
-r dns.pcap ip ==
-r dns.pcap -Y ip udp
-r dns.pcap -R ip
-r dns.pcap -2 -R ip.adr
-r dns.pcap -t x
-r dns.pcap -u x
-r dns.pcap -N x
-r dns.pcap -N g
-r dns.pcap -T x
-r dns.pcap -T ?
-r dns.pcap -T ps -c 1
-r dns.pcap -T none
-r dns.pcap -T none -V -c 1
-r dns.pcap -T fields
-r dns.pcap -T text -e ip.src
-r dns.pcap -T fields -e nosuch
-r dns.pcap -T fields -e ip.src -E x=y
-r dns.pcap -T fields -e ip.src -x
-r dns.pcap -T ek --no-duplicate-keys
-r dns.pcap --hexdump x
-r dns.pcap -d x
-r dns.pcap -d nosuch==1,dns
-r dns.pcap -d udp.port==53,nosuch
-r dns.pcap -d udp.port==x,dns
-r dns.pcap -o x
-r dns.pcap -o no.such:1
-r dns.pcap -o ip.check_checksum:x
-r dns.pcap -H missing.hosts
-r dns.pcap -H names.hosts -H missing.hosts
-r dns.pcap -H @
-r dns.pcap -i @
-r dns.pcap -y @
-r dns.pcap --enable-protocol nosuch
-r dns.pcap --enable-heuristic nosuch
-r dns.pcap -s x
-r dns.pcap -s -1
-r dns.pcap -s 0 -c 1
-r dns.pcap -s 4294967296
-r dns.pcap -B x
-r dns.pcap -B 0
-r dns.pcap -a x
-r dns.pcap -a :1
-r dns.pcap -a nosuch:1
-r dns.pcap -a files:2
-r dns.pcap -a packets:x
-r dns.pcap -a packets:0
-r dns.pcap -a packets:-1
-r dns.pcap -a duration:1
-r dns.pcap -a filesize:1
-r dns.pcap -b files:2
-r dns.pcap -b x
-r dns.pcap --ring-buffer files:2
-r dns.pcap --ring-buffer=x
-r dns.pcap -f ip
-r dns.pcap -L
-r dns.pcap --list-data-link-types
-r dns.pcap --list-time-stamp-types
-r dns.pcap -M 5
-r dns.pcap -W x
-r dns.pcap -F nosuch
-r dns.pcap -w written.pcapng -F nosuch
-r dns.pcap -w written.pcapng -W x
-r dns.pcap -w folder
-r dns.pcap -w nosuch/written
-r dns.pcap -w nosuch/written -P
-r dns.pcap -w @
-r dns.pcap -w written.pcapng -F @
-r dns.pcap -w - -P
-r dns.pcap -w - -V
-r dns.pcap -w written.pcapng -Y ip.adr
-r dns.pcap --capture-comment x
-r dns.pcap --compress-type x
-r dns.pcap --temp-dir nosuch
-r dns.pcap --temp-dir dns.pcap
-r dns.pcap --color -T pdml -c 1
-r dns.pcap --color -V -c 1
-r dns.pcap --selected-frame 1
-r dns.pcap -z io,stat,1
-r dns.pcap -z nosuch
-r missing.pcap -z nosuch
-r missing.pcap -z io,phs
-r dns.pcap -zio,stat,1 -z io,phs -c 3
-r dns.pcap -q -z dns,tree -z plen,tree -z dns,tree
-r dns.pcap -q -z dns,tree -Y ip.src==192.0.2.9
-r dns.pcap -q -z dns,tree -Y ip.adr
-r dns.pcap -q -z dns,tree -2 -R dns.a
-r dns.pcap -q -z io,stat,0.05 -2 -R tcp
-r dns.pcap -q -z io,phs -Y frame.number<5
-r dns.pcap -q -z io,phs -Y ip
-r dns.pcap -q -z io,phs -V
-r dns.pcap -q -z io,phs -T ek
-r dns.pcap -q -z io,phs -T psml
-r dns.pcap -z io,phs -T fields -e ip.src
-r dns.pcap -z io,phs -O dns -2
-r dns.pcap -z io,phs -x
-r dns.pcap -q -z hosts,ip
dns.pcap < -r - -q -z hosts,ip
-r dns.pcap -Q -z plen,tree -c 3
-r dns.pcap -w written.pcapng -z plen,tree
-r dns.pcap -w written.pcapng -z plen,tree -P
-r dns.pcap -T json -c 1 -z plen,tree
-r dns.pcap -z plen,tree -2 -c 2
-r cut-short.pcap -q -z plen,tree
-r cut-short.pcap -z plen,tree
-r empty.pcap -z plen,tree -z dns,tree
dns.pcap < -r - -q -z plen,tree
dns.pcap < -i - -q -z plen,tree
dns.pcap < -i - -z plen,tree -c 2
dns.pcap < -i - -w written.pcapng -z plen,tree -c 2
dns.pcap < -i - -q -z io,phs,x~y
-r dns.pcap -q -z io,phs,x~y
-r dns.pcap -z conv,tcp,x~y
-z help
-z plen,tree -z help
-z @ -r dns.pcap
--export-objects help
-r dns.pcap -X read_format:pcap
-r dns.pcap -X read_format:MPEG
-r dns.pcap -X read_format:
-r dns.pcap -X read_format:MPEG -w written.pcapng
-r dns.pcap -X lua_script:missing.lua
-r dns.pcap -U IP
-r dns.pcap -UIP
-r dns.pcap -U nosuch
-r dns.pcap -K missing.keytab
-r dns.pcap -C nosuch
-r dns.pcap --export-objects http,objects
-r dns.pcap --export-objects http,objects --export-objects http,others
-r dns.pcap --export-objects nosuch,objects
-r dns.pcap --export-objects http,
-r dns.pcap --export-objects http,dns.pcap/objects
-r http1.pcap.gz -q --export-objects http,objects -z plen,tree
-r dns.pcap --export-tls-session-keys written.keys
-r dns.pcap --export-tls-session-keys missing/keys
-r dns.pcap --export-objects=x
-r dns.pcap --export-tls-session-keys=keys
-r dns.pcap --log-level debug
-r dns.pcap --log-level=nosuch
-r dns.pcap --log-fatal critical
-r dns.pcap --log-domains Epan
-r dns.pcap --log-debug Epan
-r dns.pcap --log-noisy Epan
-r dns.pcap --log-file written
-r dns.pcap --elastic-mapping-filter dns
-k -t x
-r dns.pcap -t x -k
-r missing.pcap -Y ip.adr
-i lo -r missing.pcap
-i 99
-i @
-L -i @
-i lo -c x
-i lo -a x
-i lo -s x
-i lo -B 0
-i lo -2
-i lo -R ip
-i lo -Y ip.adr
-i lo -b files:2
-i lo -b filesize:1
-i lo -a filesize:1
-i lo -a files:2
-i lo -a files:2 -w written
-i lo -a files:2 -a filesize:10 -a duration:1 -w written
-i lo -y @
-i lo --time-stamp-type @
-i lo --capture-comment x
-i lo -b filesize:1 -w -
-i lo -b nosuch:1 -w written
-i lo -w - -P
-i lo -w nosuch/written
-i lo -Y ip -w written
-i lo -f ip.src==1
-i lo -y NOSUCH
-i nosuch
"""

# Captures of what comes from standard input, a pipe with the content of the
# file before the '<', or with its first bytes.
_PIPES = """
dns.pcap < -i -
dns.pcap < -i- -V -c 2
dns.pcap < -i - -c 3
dns.pcap < -i - -Y dns.a
dns.pcap < -i - -f udp -s 60 -p -B 3
dns.pcap < -i - -f foo~bar
dns.pcap < -i - -q
dns.pcap < -i - -Q
dns.pcap < -i - -T json
dns.pcap < -i - -T pdml
dns.pcap < -i - -w written.pcapng
dns.pcap < -i - -w written.pcapng -f udp
dns.pcap < -i - -w written.pcapng -c 4
dns.pcap < -i - -w written.pcapng -P
dns.pcap < -i - -w written.pcapng --compress-type gzip
dns.pcap < -i - -w written -b packets:9 -b printname:names
dns.pcap < -i - -w written -b packets:9 -b nametimenum:2
dns.pcap < -i - -w @
dns.pcap < -i - -M 5
dns.pcap < -i - -w -
dns.pcap < -i - -w written.pcap -F pcap
dns.pcap < -i - -w nosuch/written
dns.pcap < -i - -Y ip.adr
dns.pcap < -i - -i -
interfaces-comments.pcapng < -i - -T fields -e frame.number -e frame.interface_name
interfaces-comments.pcapng < -i - -w written.pcapng
empty.pcap < -i -
http1.pcap.gz < -i -
text.pcap < -i -
text.pcap < -i - -T json
text.pcap < -i - -w written.pcapng
zero.pcap < -i -
dns.pcap 10 < -i -
dns.pcap 24 < -i -
dns.pcap 30 < -i -
dns.pcap 200 < -i -
interfaces-comments.pcapng 500 < -i -
damaged.pcap < -i -
damaged.pcap < -i - -q
dns.pcap < -i - -L
"""  # noqa: E501

# What needs no file.
_OTHER = """
-D
--list-interfaces
-L -i lo
--list-data-link-types -i lo
-L -i lo -i lo
-i lo -L
--list-time-stamp-types -i lo
-L -i randpkt
-i udpdump -L
--list-time-stamp-types -i randpkt
-i randpkt -q -o extcap.randpkt.count:3
-i randpkt -q -o extcap.randpkt.count:3 -oextcap.randpkt.count:5
-i randpkt -c 2 -q -o extcap.randpkt.type:dns -o extcap.randpkt.allrandom:false
-i randpkt -T fields -e frame.number -e frame.interface_name -o extcap.randpkt.count:3
-i randpkt -T fields -e frame.number -e frame.interface_description -f udp -o extcap.randpkt.count:2
-i randpkt -o extcap.randpkt.nosuch:1
-i sshdump -o extcap.sshdump.remotehost:127.0.0.1 -o extcap.sshdump.remoteport:9
-G
-G fields
-G ftypes
-G ftypes x
-G protocols
-G column-formats
-G decodes
-G plugins
-G values
-G heuristic-decodes
-G currentprefs
-G defaultprefs
-G elastic-mapping
-G elastic-mapping --elastic-mapping-filter dns,ip
-G elastic-mapping --elastic-mapping-filter=dns --elastic-map ip
-G elastic-mapping --elastic-mapping-filter @
-G elastic-mapping --elastic-mapping-filter=nosuch
-G elastic-mapping --elastic-mapping-filter
-G fieldcount
-G fieldcount -k
-G folders
-G folders -C Default
-G dissector-tables
-G currentprefs -CDefault -C Default
-G currentprefs -C nosuch
-G ftypes -C nosuch
--elastic-mapping-filter dns -G elastic-mapping
-G help
-G nosuch
-q -G fields
-Gftypes
-v
--version
-v -k
-h
--help
--hexdump help
--hexdump=help
"""  # noqa: E501


def words(line: str) -> list[str]:
    return [word.replace("~", " ").replace("@", "") for word in line.split(" ")]


def all_lines() -> list[str]:
    return [
        line
        for text in (_READING, _WRONG, _PIPES, _OTHER)
        for line in text.strip().splitlines()
    ]


def input_of(line: str) -> tuple[str, int | None, str]:
    """Returns a line's file for standard input, its size, and the arguments.

    The file is empty if there is none, and the size absent if it is the whole.
    """
    source, separator, arguments = line.partition(" < ")
    if not separator:
        return "", None, line
    name, _, size = source.partition(" ")
    return name, int(size) if size else None, arguments
