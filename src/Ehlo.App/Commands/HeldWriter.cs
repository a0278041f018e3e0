using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;

namespace Ehlo.App.Commands;

/// <summary>
/// Standard output for lines from any thread. It holds back what comes before the listening lines, since SMTP is open before the console
/// is, and whoever starts the program reads the listening lines first.
/// </summary>
internal sealed class HeldWriter(TextWriter output) : TextWriter
{
    // Nobody sends thousands of messages in the moment before the console is open; if so, their lines are dropped.
    private const int MaxHeldLines = 10_000;

    private readonly Lock _lock = new();
    private Queue<string>? _held = [];

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => WriteLine(value.ToString());

    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            if (_held is null)
            {
                output.WriteLine(value);
            }
            else if (_held.Count < MaxHeldLines)
            {
                _held.Enqueue(value ?? "");
            }
        }
    }

    public void Release(IEnumerable<string> firstLines)
    {
        lock (_lock)
        {
            foreach (string line in firstLines)
            {
                output.WriteLine(line);
            }
            while (_held?.TryDequeue(out string? line) == true)
            {
                output.WriteLine(line);
            }
            _held = null;
            output.Flush();
        }
    }
}
