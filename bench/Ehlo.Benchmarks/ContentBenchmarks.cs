using System;
using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ehlo.Protocol;

namespace Ehlo.Benchmarks;

/// <summary>What the content of a message looks like to the reader of its end.</summary>
public enum Dots
{
    /// <summary>No dot at all.</summary>
    None,

    /// <summary>A dot in every eight octets, and none at the start of a line.</summary>
    Many,

    /// <summary>Every line begins with a dot, which is doubled on the wire.</summary>
    LineStarts,
}

/// <summary>Content on its way in and out: the end of data, chunks, transparency.</summary>
public class ContentBenchmarks
{
    private const int LineOctets = 78;

    private readonly ArrayBufferWriter<byte> _output = new();
    private byte[] _content = [];
    private byte[] _wire = [];
    private byte[] _buffer = [];

    [Params(1 << 10, 1 << 20)]
    public int Octets { get; set; }

    [ParamsAllValues]
    public Dots Dots { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _content = Make();
        Encode();
        _wire = _output.WrittenSpan.ToArray();
        _buffer = new byte[_wire.Length];
    }

    /// <summary>What all of the others but the encoder do first: the reader of the end of data works in place.</summary>
    [Benchmark(Baseline = true)]
    public void Copy() => _wire.CopyTo(_buffer.AsSpan());

    [Benchmark]
    public int EndOfData()
    {
        Copy();
        DataDecoder decoder = default;
        Check.Is(true, decoder.Decode(_buffer, out int consumed, out int length));
        Check.Is(_wire.Length, consumed);
        return Check.Is(_content.Length, length);
    }

    /// <summary>As a connection reads it, 4 KB at once.</summary>
    [Benchmark]
    public int EndOfDataInPieces()
    {
        Copy();
        DataDecoder decoder = default;
        int total = 0;
        for (Span<byte> rest = _buffer; !rest.IsEmpty;)
        {
            Span<byte> piece = rest[..Math.Min(4096, rest.Length)];
            decoder.Decode(piece, out int consumed, out int length);
            total += length;
            rest = rest[consumed..];
        }
        return Check.Is(_content.Length, total);
    }

    /// <summary>What BDAT looks at.</summary>
    [Benchmark]
    public bool Chunk()
    {
        Copy();
        TextScanner scanner = default;
        scanner.Scan(_buffer.AsSpan(0, _content.Length));
        return scanner.HasEightBit;
    }

    /// <summary>What the client writes.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        DataEncoder encoder = new(isTransparent: true, mends: false);
        encoder.Encode(_content, _output);
        encoder.Complete(_output);
        Check.Is(false, encoder.IsMalformed);
        return _output.WrittenCount;
    }

    private byte[] Make()
    {
        byte[] content = new byte[Octets];
        for (int i = 0; i < Octets; i++)
        {
            int column = i % LineOctets;
            bool isDot = (Dots is Dots.Many && column % 8 == 4) || (Dots is Dots.LineStarts && column == 0);
            content[i] = column switch
            {
                LineOctets - 2 => (byte)'\r',
                LineOctets - 1 => (byte)'\n',
                _ => (byte)(isDot ? '.' : 'a' + (column % 26)),
            };
        }
        "\r\n"u8.CopyTo(content.AsSpan(Octets - 2));
        if (content[Octets - 3] == '\r') content[Octets - 3] = (byte)'a';
        return content;
    }
}
