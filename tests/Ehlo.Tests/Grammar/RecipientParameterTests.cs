using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>ORCPT and RRVS, as they are written and read again.</summary>
public sealed class RecipientParameterTests
{
    // Of Unicode's planes, its surrogates left out: C1 controls, Latin, the rest of the first plane, the others.
    private static Gen<string> Characters => Gen.OneOf(
            Gen.Int[0x20, 0x7e], Gen.Int[0xa0, 0x17f], Gen.Int[0x2000, 0xd7ff], Gen.Int[0xe000, 0xffff], Gen.Int[0x10000, 0x10ffff])
        .Select(point => new Rune(point).ToString());

    [Fact]
    public void Any_address_of_ASCII_survives_ORCPT() =>
        Gen.Select(Gen.Int[0, 2].Select(pick => new[] { "rfc822", "x400", "x-own" }[pick]), Gen.Char[' ', '~'].Array[1, 60]).Sample(
            (type, address) => AssertSurvives(new(type, new string(address)), allowUtf8: false));

    [Fact]
    public void Any_address_of_Unicode_survives_ORCPT_in_ASCII() =>
        Characters.Array[1, 40].Sample(characters =>
        {
            OriginalRecipient original = new("utf-8", string.Concat(characters));
            string value = OriginalRecipientGrammar.Encode(original);
            // utf-8-addr-xtext = 1*(QCHAR / EmbeddedUnicodeChar)     RFC 6533 section 3
            Assert.Matches(@"^utf-8;([!-*,-<>-\[\]-~]|\\x\{[0-9A-F]{2,6}\})+$", value);
            AssertSurvives(original, allowUtf8: true);
            AssertSurvives(original, allowUtf8: false);
        });

    // utf-8-addr-unitext = 1*(QUCHAR / EmbeddedUnicodeChar)     RFC 6533 section 3
    [Fact]
    public void Any_address_of_Unicode_is_read_as_UTF_8_with_ASCIIs_specials_embedded() =>
        Characters.Array[1, 40].Where(characters => characters.Any(character => !Ascii.IsValid(character))).Sample(characters =>
        {
            string unitext = string.Concat(characters.Select(character =>
                character is " " or "+" or "=" or "\\" ? $"\\x{{{(int)character[0]:X2}}}" : character));
            Assert.True(OriginalRecipientGrammar.TryParse($"utf-8;{unitext}", allowUtf8: true, out OriginalRecipient? read));
            Assert.Equal(string.Concat(characters), read.Address);
            Assert.False(OriginalRecipientGrammar.TryParse($"utf-8;{unitext}", allowUtf8: false, out _));
        });

    [Fact]
    public void Any_value_of_ORCPT_that_is_read_survives() =>
        Gen.Char["\\x{}0123456789ABCDEFaéß+=;@. \u0085"].Array[0, 14].Sample(characters =>
        {
            if (OriginalRecipientGrammar.TryParse("utf-8;" + new string(characters), allowUtf8: true, out OriginalRecipient? read))
                AssertSurvives(read, allowUtf8: false);
        });

    [Fact]
    public void Any_time_survives_RRVS_to_the_second_and_in_UTC() =>
        Gen.Select(Times, Gen.Bool).Sample((time, isRejecting) =>
        {
            EnvelopeRecipient recipient = new("a@b.example") { OwnedSince = new(time, isRejecting) };
            ArrayBufferWriter<byte> output = new();
            CommandWriter command = new(output);
            RrvsExtension.WriteRcpt(recipient, ref command);
            command.Complete();
            string[] parts = Encoding.UTF8.GetString(output.WrittenSpan).TrimEnd().Split('=', 2);
            Assert.Equal(" RRVS", parts[0]);
            OwnedSince read = Read(parts[1])!;
            long wholeSeconds = time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;
            Assert.Equal(wholeSeconds, read.Since.UtcTicks);
            Assert.Equal(isRejecting, read.IsRejecting);
        });

    [Fact]
    public void Any_time_with_a_fraction_and_an_offset_is_read_as_RFC_3339_writes_it() =>
        Times.Sample(time =>
        {
            string sign = time.Offset < TimeSpan.Zero ? "-" : "+";
            TimeSpan offset = time.Offset.Duration();
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"{time:yyyy-MM-dd}T{time:HH:mm:ss}.{time.Ticks % TimeSpan.TicksPerSecond:0000000}{sign}{offset.Hours:00}:{offset.Minutes:00}");
            Assert.Equal(time, Read(text)!.Since);
            Assert.Equal(time, Read(text.ToLowerInvariant() + ";r")!.Since);
            Assert.Null(Read(text + ";X"));
        });

    private static Gen<DateTimeOffset> Times =>
        Gen.Select(Gen.Long[TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay], Gen.Int[-14 * 60, 14 * 60])
            .Select((ticks, minutes) => new DateTimeOffset(ticks, TimeSpan.FromMinutes(minutes)));

    private static void AssertSurvives(OriginalRecipient original, bool allowUtf8)
    {
        string value = OriginalRecipientGrammar.Encode(original);
        Assert.Equal(value, new EsmtpParameter("ORCPT", value).Value);
        Assert.True(OriginalRecipientGrammar.TryParse(value, allowUtf8, out OriginalRecipient? read), value);
        Assert.Equal(original, read);
    }

    private static OwnedSince? Read(string value)
    {
        EsmtpParameter parameter = new("RRVS", value);
        RcptParameters rcpt = new([parameter]);
        Assert.True(new RrvsExtension().TryReadRcpt(parameter, rcpt, ExtensionSet.None, out Reply? refusal));
        Assert.Equal(refusal is null, rcpt.OwnedSince is not null);
        return rcpt.OwnedSince;
    }
}
