using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Fuzz.Targets;

/// <summary>Mailboxes, local parts, domains and address literals: the octets are read as each of them.</summary>
internal sealed class Addresses : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Paths
        .Select(path => path.Split('>')[0].TrimStart('<', ' '))
        .Concat(corpus.After("EHLO "))
        .Concat(["\"a\\\"b\"@[IPv6:2001:db8::192.0.2.1]", "a@[192.0.2.1]", "a@[x-y:z]", "\u00fc.\u00c3\u00bc@\u00c3\u00bc.example"])
        .Concat(AtLimits)
        .Select(Corpus.Octets);

    // A length is hard to hit by chance: each of these is at its limit, and some mutation goes one beyond.
    private static IEnumerable<string> AtLimits =>
    [
        new string('l', 64) + "@x", new string('d', 63) + ".x", string.Concat(Enumerable.Repeat("\u00c3\u00bc", 59)) + ".x",
        "a@" + DomainOf(252), DomainOf(255), "[x:" + new string('y', 251) + "]",
        "[IPv6:1:2:3:4:5:6:7:8]", "[IPv6:1:2:3:4::5:6:7:8]", "[IPv6:1:2:3::5:6:7:8]",
        "[IPv6:1:2:3:4::5:6:7]", "[IPv6:1:2:3:4:5:6:255.255.255.255]", "[255.255.255.255]",
    ];

    private static string DomainOf(int octets) => string.Concat(Enumerable.Repeat(new string('n', 61) + ".", 5))[..(octets - 1)] + "z";

    public override void Run(ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < 2; i++) Read(input, allowUtf8: i == 1);
    }

    private static void Read(ReadOnlySpan<byte> input, bool allowUtf8)
    {
        string? text = Utf8Text.Read(input, allowUtf8);
        bool isLocalPart = text is not null && AddressOracle.IsLocalPart(text);
        Equal(isLocalPart, LocalPart.TryParse(input, allowUtf8, out LocalPart? localPart), "local part");
        bool isDomain = text is not null && AddressOracle.IsDomain(text);
        Equal(isDomain, Domain.TryParse(input, allowUtf8, out Domain? domain), "domain");
        byte[]? address = null;
        bool isLiteral = text is not null && AddressOracle.IsLiteral(text, out address);
        Equal(isLiteral, AddressLiteral.TryParse(input, out AddressLiteral? literal), "literal");
        Same(address ?? [], literal?.Address?.GetAddressBytes() ?? [], "address");
        Equal(text is not null && IsMailbox(text), Mailbox.TryParse(input, allowUtf8, out Mailbox? mailbox), "mailbox");
        if (localPart is not null)
        {
            Equal(text, localPart.ToString(), "text of the local part");
            Equal(localPart, LocalPart.Parse(text!), "local part again");
            True(!localPart.Value.Any(char.IsControl), "a control character in a local part");
        }
        if (domain is not null) Equal(domain, Domain.Parse(domain.ToString()), "domain again");
        if (literal is not null) Equal(literal, AddressLiteral.Parse(literal.ToString()), "literal again");
        if (mailbox is not null) CheckMailbox(mailbox, text!);
    }

    // Mailbox = Local-part "@" ( Domain / address-literal ): any "@" may be the one.
    private static bool IsMailbox(string text) => Utf8Text.Octets(text) <= 254 && text.Select((c, i) => (c, i))
        .Any(at => at.c == '@' && AddressOracle.IsLocalPart(text[..at.i])
            && (AddressOracle.IsDomain(text[(at.i + 1)..]) || AddressOracle.IsLiteral(text[(at.i + 1)..], out _)));

    private static void CheckMailbox(Mailbox mailbox, string text)
    {
        Equal(text, mailbox.ToString(), "text of the mailbox");
        Equal(text, $"{mailbox.LocalPart}@{mailbox.Domain?.ToString() ?? mailbox.AddressLiteral?.ToString()}", "its parts");
        Equal(mailbox, Mailbox.Parse(text), "mailbox again");
        Equal(text.All(char.IsAscii), !mailbox.RequiresSmtpUtf8, "whether it needs SMTPUTF8");
        True(!text.Any(char.IsControl), "a control character in a mailbox");
    }
}
