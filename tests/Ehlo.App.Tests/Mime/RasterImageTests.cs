using System;
using System.Linq;
using CsCheck;
using Ehlo.App.Mime;
using Xunit;

namespace Ehlo.App.Tests.Mime;

public sealed class RasterImageTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAAC";
    private const string Jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/wAALCAAgAEABAREA";
    private const string Lossy = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoFAAQAAgA0JaQAA3AA/vuU";
    private const string Lossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAcAAAAcQEf0PRET/Aw==";

    [Theory]
    [InlineData(MimeText.Pixel, "image/gif", 1, 1)]
    [InlineData(Png, "image/png", 3, 2)]
    [InlineData(Jpeg, "image/jpeg", 64, 32)]
    [InlineData(Lossy, "image/webp", 5, 4)]
    [InlineData(Lossless, "image/webp", 2, 4)]
    public void The_size_is_read_of_the_first_octets(string base64, string mediaType, int width, int height) =>
        Assert.Equal(new RasterImage(mediaType, width, height), RasterImage.TryRead(Convert.FromBase64String(base64)));

    [Fact]
    public void A_picture_of_too_many_pixels_is_not_shown()
    {
        byte[] bomb = Convert.FromBase64String(Png);
        (bomb[17], bomb[21]) = (1, 1); // 65,539 by 65,538.
        Assert.False(RasterImage.TryRead(bomb)!.Value.IsShowable);
        Assert.True(RasterImage.TryRead(Convert.FromBase64String(Png))!.Value.IsShowable);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.4")]
    [InlineData("")]
    public void Anything_else_is_no_picture(string text) => Assert.Null(RasterImage.TryRead(MimeText.Octets(text)));

    [Fact]
    public void Any_octets_are_read_without_an_exception() =>
        Gen.Select(Gen.OneOf(Gen.Const(Png), Gen.Const(Jpeg), Gen.Const(Lossy), Gen.Const(Lossless), Gen.Const(MimeText.Pixel)),
            Gen.Byte.Array[0, 40], Gen.Int[0, 40]).Sample(
            (start, rest, length) =>
            {
                byte[] octets = [.. Convert.FromBase64String(start).Take(length), .. rest];
                RasterImage.TryRead(octets);
            },
            iter: 5000);
}
