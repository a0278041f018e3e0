using System;

namespace Floor;

/// <summary>
/// What tools/floor.c answers, in C#: fixed replies; of the input only line ends, CRLF.CRLF and the
/// number of BDAT are looked at.
/// </summary>
internal struct Conversation
{
    public static ReadOnlySpan<byte> Greeting => "220 floor.example ESMTP\r\n"u8;

    private static ReadOnlySpan<byte> Ehlo =>
        "250-floor.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 104857600\r\n250-CHUNKING\r\n250 ENHANCEDSTATUSCODES\r\n"u8;

    private static ReadOnlySpan<byte> Ok => "250 2.0.0 Ok\r\n"u8;

    private static ReadOnlySpan<byte> GoAhead => "354 Go ahead\r\n"u8;

    private static ReadOnlySpan<byte> Bye => "221 2.0.0 Bye\r\n"u8;

    private static ReadOnlySpan<byte> Mark => "\r\n.\r\n"u8;

    private byte _verb;
    private byte _match;
    private byte _digits;
    private long _number;
    private long _skip;

    public bool InContent { get; private set; }

    public bool Quit { get; private set; }

    public readonly bool TakesMuch => InContent || _skip > 0;

    /// <summary>Takes in what was read; how many octets of <paramref name="reply"/> it wrote.</summary>
    public int Feed(ReadOnlySpan<byte> input, Span<byte> reply)
    {
        int written = 0;
        while (input.Length > 0 && !Quit)
        {
            if (_skip > 0)
            {
                int n = (int)Math.Min(_skip, input.Length);
                input = input[n..];
                _skip -= n;
                if (_skip == 0)
                {
                    written += Put(Ok, reply[written..]);
                }
            }
            else if (InContent)
            {
                int n = Content(input, out bool end);
                input = input[n..];
                if (end)
                {
                    InContent = false;
                    written += Put(Ok, reply[written..]);
                }
            }
            else
            {
                if (_verb == 0)
                {
                    _verb = (byte)(input[0] | 32);
                }

                int lf = input.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = lf < 0 ? input : input[..lf];
                if (_verb == 'b')
                {
                    Number(line);
                }

                if (lf < 0)
                {
                    break;
                }

                input = input[(lf + 1)..];
                written += Command(reply[written..]);
            }
        }

        return written;
    }

    private static int Put(ReadOnlySpan<byte> text, Span<byte> reply)
    {
        text.CopyTo(reply);
        return text.Length;
    }

    private int Command(Span<byte> reply)
    {
        byte verb = _verb;
        _verb = 0;
        switch (verb)
        {
            case (byte)'b':
                _skip = _number;
                _number = 0;
                _digits = 0;
                return _skip == 0 ? Put(Ok, reply) : 0;
            case (byte)'d':
                InContent = true;
                _match = 2;
                return Put(GoAhead, reply);
            case (byte)'e':
                return Put(Ehlo, reply);
            case (byte)'q':
                Quit = true;
                return Put(Bye, reply);
            default:
                return Put(Ok, reply);
        }
    }

    private void Number(ReadOnlySpan<byte> line)
    {
        foreach (byte b in line)
        {
            if (_digits == 2)
            {
                return;
            }

            if (b >= '0' && b <= '9')
            {
                _number = _number * 10 + (b - '0');
                _digits = 1;
            }
            else if (_digits == 1)
            {
                _digits = 2;
            }
        }
    }

    private int Content(ReadOnlySpan<byte> p, out bool end)
    {
        int i = 0;
        end = false;
        while (_match > 0 && i < p.Length)
        {
            if (p[i] == Mark[_match])
            {
                i++;
                if (++_match == 5)
                {
                    _match = 0;
                    end = true;
                    return i;
                }
            }
            else if (p[i] == '\r')
            {
                _match = 1;
                i++;
            }
            else
            {
                _match = 0;
            }
        }

        int q = p[i..].IndexOf(Mark);
        if (q >= 0)
        {
            end = true;
            return i + q + 5;
        }

        for (int k = Math.Min(4, p.Length - i); k > 0; k--)
        {
            if (p[^k..].SequenceEqual(Mark[..k]))
            {
                _match = (byte)k;
                break;
            }
        }

        return p.Length;
    }
}
