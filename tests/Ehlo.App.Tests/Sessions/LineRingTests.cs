using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.App.Sessions;
using Xunit;

namespace Ehlo.App.Tests.Sessions;

public sealed class LineRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Texts_are_read_as_they_were_added_wherever_they_stand(int seed)
    {
        const int Capacity = 3000;
        Random random = new(seed);
        LineRing ring = new(Capacity);
        Queue<string> model = [];
        for (int i = 0; i < 5000; i++)
        {
            string text = new((char)('a' + (i % 26)), random.Next(200));
            model.Enqueue(text);
            ring.Add(Encoding.UTF8.GetBytes(text));
            while (model.Sum(each => each.Length) > Capacity - 200 || (model.Count > 1 && random.Next(4) == 0))
            {
                ring.RemoveFirst(model.Dequeue().Length);
            }
            int offset = 0;
            foreach (string each in model)
            {
                Assert.Equal(each, ring.Read(offset, each.Length));
                offset += each.Length;
            }
        }
    }

    [Fact]
    public void A_text_that_is_longer_than_all_is_kept_too()
    {
        LineRing ring = new(10);
        ring.Add([]);
        ring.Add("before"u8);
        string text = new('x', 5000);
        ring.Add(Encoding.UTF8.GetBytes(text));
        ring.RemoveFirst(6);
        Assert.Equal(text, ring.Read(0, 5000));
        Assert.Equal("", ring.Read(5000, 0));
    }
}
